CREATE TABLE "teams" (
    "id" INTEGER NOT NULL,
    "lead" INTEGER,
    PRIMARY KEY ("id")
);
CREATE TABLE "members" (
    "id" INTEGER NOT NULL,
    "team" INTEGER,
    PRIMARY KEY ("id"),
    CONSTRAINT "fk_members_team" FOREIGN KEY ("team") REFERENCES "teams" ("id") ON DELETE CASCADE DEFERRABLE
);
CREATE TABLE "whimbrel_new_teams" (
    "id" INTEGER NOT NULL,
    "lead" INTEGER,
    PRIMARY KEY ("id"),
    CONSTRAINT "fk_teams_lead" FOREIGN KEY ("lead") REFERENCES "members" ("id") DEFERRABLE INITIALLY DEFERRED
);
INSERT INTO "whimbrel_new_teams" ("id", "lead") SELECT "id", "lead" FROM "teams";
DROP TABLE "teams";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_teams" RENAME TO "teams";
PRAGMA legacy_alter_table = OFF;
