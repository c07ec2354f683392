CREATE TABLE "whimbrel_new_people" (
    "id" INTEGER NOT NULL,
    "email" TEXT NOT NULL DEFAULT '',
    "age" INTEGER,
    PRIMARY KEY ("id")
);
INSERT INTO "whimbrel_new_people" ("id", "email", "age") SELECT "id", "email", "age" FROM "people";
DROP TABLE "people";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_people" RENAME TO "people";
PRAGMA legacy_alter_table = OFF;
