CREATE TABLE "whimbrel_new_people" (
    "id" INTEGER NOT NULL,
    "options" TEXT,
    "more" TEXT NOT NULL DEFAULT '{}',
    PRIMARY KEY ("id")
);
INSERT INTO "whimbrel_new_people" ("id", "options", "more") SELECT "id", "options", "more" FROM "people";
DROP TABLE "people";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_people" RENAME TO "people";
PRAGMA legacy_alter_table = OFF;
