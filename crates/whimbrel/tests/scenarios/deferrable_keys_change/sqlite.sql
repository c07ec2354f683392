CREATE TABLE "whimbrel_new_members" (
    "id" INTEGER NOT NULL,
    "team" INTEGER,
    PRIMARY KEY ("id")
);
INSERT INTO "whimbrel_new_members" ("id", "team") SELECT "id", "team" FROM "members";
DROP TABLE "members";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_members" RENAME TO "members";
PRAGMA legacy_alter_table = OFF;
CREATE TABLE "whimbrel_new_teams" (
    "id" INTEGER NOT NULL,
    "lead" INTEGER,
    PRIMARY KEY ("id")
);
INSERT INTO "whimbrel_new_teams" ("id", "lead") SELECT "id", "lead" FROM "teams";
DROP TABLE "teams";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_teams" RENAME TO "teams";
PRAGMA legacy_alter_table = OFF;
CREATE TABLE "whimbrel_new_members" (
    "id" INTEGER NOT NULL,
    "team" INTEGER,
    PRIMARY KEY ("id"),
    CONSTRAINT "fk_members_team" FOREIGN KEY ("team") REFERENCES "teams" ("id") ON DELETE CASCADE
);
INSERT INTO "whimbrel_new_members" ("id", "team") SELECT "id", "team" FROM "members";
DROP TABLE "members";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_members" RENAME TO "members";
PRAGMA legacy_alter_table = OFF;
CREATE TABLE "whimbrel_new_teams" (
    "id" INTEGER NOT NULL,
    "lead" INTEGER,
    PRIMARY KEY ("id"),
    CONSTRAINT "fk_teams_lead" FOREIGN KEY ("lead") REFERENCES "members" ("id") DEFERRABLE
);
INSERT INTO "whimbrel_new_teams" ("id", "lead") SELECT "id", "lead" FROM "teams";
DROP TABLE "teams";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_teams" RENAME TO "teams";
PRAGMA legacy_alter_table = OFF;
