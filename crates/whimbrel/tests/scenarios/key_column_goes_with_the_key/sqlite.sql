CREATE TABLE "whimbrel_new_people" (
    "email" TEXT NOT NULL,
    "old" INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY ("email")
);
INSERT INTO "whimbrel_new_people" ("email", "old") SELECT "email", "old" FROM "people";
DROP TABLE "people";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_people" RENAME TO "people";
PRAGMA legacy_alter_table = OFF;
ALTER TABLE "people" DROP COLUMN "old";
