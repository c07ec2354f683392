CREATE TABLE "whimbrel_new_codes" (
    "id" INTEGER NOT NULL,
    "code" TEXT COLLATE "nocase" NOT NULL DEFAULT 'NEW',
    "title" TEXT,
    PRIMARY KEY ("id")
);
INSERT INTO "whimbrel_new_codes" ("id", "code", "title") SELECT "id", "code", "title" FROM "codes";
DROP TABLE "codes";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_codes" RENAME TO "codes";
PRAGMA legacy_alter_table = OFF;
CREATE UNIQUE INDEX "codes_code_ix" ON "codes" ("code");
CREATE TABLE "whimbrel_new_codes" (
    "id" INTEGER NOT NULL,
    "code" TEXT COLLATE "nocase" NOT NULL DEFAULT 'NEW',
    "title" TEXT COLLATE "nocase",
    PRIMARY KEY ("id")
);
INSERT INTO "whimbrel_new_codes" ("id", "code", "title") SELECT "id", "code", "title" FROM "codes";
DROP TABLE "codes";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_codes" RENAME TO "codes";
PRAGMA legacy_alter_table = OFF;
CREATE UNIQUE INDEX "codes_code_ix" ON "codes" ("code");
