CREATE TABLE "whimbrel_new_members" (
    "id" INTEGER NOT NULL,
    "team" INTEGER NOT NULL,
    "person" TEXT NOT NULL,
    PRIMARY KEY ("team", "person")
);
INSERT INTO "whimbrel_new_members" ("id", "team", "person") SELECT "id", "team", "person" FROM "members";
DROP TABLE "members";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_members" RENAME TO "members";
PRAGMA legacy_alter_table = OFF;
