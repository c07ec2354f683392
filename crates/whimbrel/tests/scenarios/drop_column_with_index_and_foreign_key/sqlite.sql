CREATE TABLE "whimbrel_new_users" (
    "id" INTEGER NOT NULL,
    "email" TEXT NOT NULL,
    "age" INTEGER,
    "team_id" INTEGER,
    PRIMARY KEY ("id")
);
INSERT INTO "whimbrel_new_users" ("id", "email", "age", "team_id") SELECT "id", "email", "age", "team_id" FROM "users";
DROP TABLE "users";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_users" RENAME TO "users";
PRAGMA legacy_alter_table = OFF;
CREATE INDEX "users_team_ix" ON "users" ("team_id", "age");
DROP INDEX "users_team_ix";
ALTER TABLE "users" DROP COLUMN "team_id";
