CREATE TABLE "whimbrel_new_codes" (
    "id" INTEGER NOT NULL,
    "code" TEXT NOT NULL,
    "number" TEXT COLLATE "nocase",
    "note" TEXT COLLATE "nocase",
    PRIMARY KEY ("id")
);
INSERT INTO "whimbrel_new_codes" ("id", "code", "number", "note") SELECT "id", "code", "number", "note" FROM "codes";
DROP TABLE "codes";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_codes" RENAME TO "codes";
PRAGMA legacy_alter_table = OFF;
CREATE TABLE "whimbrel_new_codes" (
    "id" INTEGER NOT NULL,
    "code" TEXT NOT NULL,
    "number" INTEGER,
    "note" TEXT COLLATE "nocase",
    PRIMARY KEY ("id")
);
INSERT INTO "whimbrel_new_codes" ("id", "code", "number", "note") SELECT "id", "code", "number", "note" FROM "codes";
DROP TABLE "codes";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_codes" RENAME TO "codes";
PRAGMA legacy_alter_table = OFF;
ALTER TABLE "codes" DROP COLUMN "note";
