ALTER TABLE "members" RENAME TO "players";
ALTER TABLE "players" RENAME COLUMN "id" TO "number";
CREATE TABLE "whimbrel_new_players" (
    "number" INTEGER NOT NULL,
    "team" INTEGER NOT NULL,
    PRIMARY KEY ("team", "number")
);
INSERT INTO "whimbrel_new_players" ("number", "team") SELECT "number", "team" FROM "players";
DROP TABLE "players";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_players" RENAME TO "players";
PRAGMA legacy_alter_table = OFF;
