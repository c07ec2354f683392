ALTER TABLE "codes" RENAME COLUMN "other" TO "words";
CREATE TABLE "whimbrel_new_codes" (
    "id" INTEGER NOT NULL,
    "code" TEXT COLLATE "rtrim",
    "title" TEXT COLLATE "nocase" DEFAULT 'x',
    "note" TEXT COLLATE "rtrim",
    "words" TEXT COLLATE "rtrim",
    PRIMARY KEY ("id")
);
INSERT INTO "whimbrel_new_codes" ("id", "code", "title", "note", "words") SELECT "id", "code", "title", "note", "words" FROM "codes";
DROP TABLE "codes";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_codes" RENAME TO "codes";
PRAGMA legacy_alter_table = OFF;
CREATE TABLE "whimbrel_new_codes" (
    "id" INTEGER NOT NULL,
    "code" TEXT COLLATE "rtrim",
    "title" TEXT COLLATE "nocase" NOT NULL DEFAULT 'y',
    "note" TEXT COLLATE "rtrim",
    "words" TEXT COLLATE "rtrim",
    PRIMARY KEY ("id")
);
INSERT INTO "whimbrel_new_codes" ("id", "code", "title", "note", "words") SELECT "id", "code", "title", "note", "words" FROM "codes";
DROP TABLE "codes";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_codes" RENAME TO "codes";
PRAGMA legacy_alter_table = OFF;
CREATE TABLE "whimbrel_new_codes" (
    "id" INTEGER NOT NULL,
    "code" TEXT COLLATE "rtrim",
    "title" TEXT COLLATE "nocase" NOT NULL DEFAULT 'y',
    "note" TEXT,
    "words" TEXT COLLATE "rtrim",
    PRIMARY KEY ("id")
);
INSERT INTO "whimbrel_new_codes" ("id", "code", "title", "note", "words") SELECT "id", "code", "title", "note", "words" FROM "codes";
DROP TABLE "codes";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_codes" RENAME TO "codes";
PRAGMA legacy_alter_table = OFF;
