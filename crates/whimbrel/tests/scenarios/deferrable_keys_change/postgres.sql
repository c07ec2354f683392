ALTER TABLE "members" DROP CONSTRAINT "fk_members_team";
ALTER TABLE "teams" DROP CONSTRAINT "fk_teams_lead";
ALTER TABLE "members" ADD CONSTRAINT "fk_members_team" FOREIGN KEY ("team") REFERENCES "teams" ("id") ON DELETE CASCADE;
ALTER TABLE "teams" ADD CONSTRAINT "fk_teams_lead" FOREIGN KEY ("lead") REFERENCES "members" ("id") DEFERRABLE;
