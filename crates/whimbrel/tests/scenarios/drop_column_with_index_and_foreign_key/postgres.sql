ALTER TABLE "users" DROP CONSTRAINT "fk_users_team_id";
DROP INDEX "users_team_ix";
ALTER TABLE "users" DROP COLUMN "team_id";
