DROP INDEX "uq_users_email";
CREATE UNIQUE INDEX "users_by_nick" ON "users" ("nick");
CREATE TABLE "whimbrel_new_users" (
    "id" INTEGER NOT NULL,
    "email" TEXT,
    "nick" TEXT,
    PRIMARY KEY ("id")
);
INSERT INTO "whimbrel_new_users" ("id", "email", "nick") SELECT "id", "email", "nick" FROM "users";
DROP TABLE "users";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_users" RENAME TO "users";
PRAGMA legacy_alter_table = OFF;
CREATE UNIQUE INDEX "users_by_nick" ON "users" ("nick");
CREATE TABLE "whimbrel_new_users" (
    "id" INTEGER NOT NULL,
    "email" TEXT,
    "nick" TEXT,
    PRIMARY KEY ("id"),
    CONSTRAINT "uq_users_email" UNIQUE ("email")
);
INSERT INTO "whimbrel_new_users" ("id", "email", "nick") SELECT "id", "email", "nick" FROM "users";
DROP TABLE "users";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_users" RENAME TO "users";
PRAGMA legacy_alter_table = OFF;
CREATE UNIQUE INDEX "users_by_nick" ON "users" ("nick");
