ALTER TABLE "users" ADD COLUMN "team_id" INTEGER, ADD CONSTRAINT "fk_users_team_id" FOREIGN KEY ("team_id") REFERENCES "teams" ("id") ON DELETE SET NULL;
