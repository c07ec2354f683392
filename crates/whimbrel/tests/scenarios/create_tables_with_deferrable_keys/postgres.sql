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
ALTER TABLE "teams" ADD CONSTRAINT "fk_teams_lead" FOREIGN KEY ("lead") REFERENCES "members" ("id") DEFERRABLE INITIALLY DEFERRED;
