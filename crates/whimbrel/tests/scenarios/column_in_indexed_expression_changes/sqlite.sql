CREATE TABLE "whimbrel_new_users" (
    "id" INTEGER NOT NULL,
    "email" TEXT DEFAULT 'x',
    "age" INTEGER,
    PRIMARY KEY ("id")
);
INSERT INTO "whimbrel_new_users" ("id", "email", "age") SELECT "id", "email", "age" FROM "users";
DROP TABLE "users";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_users" RENAME TO "users";
PRAGMA legacy_alter_table = OFF;
CREATE INDEX "users_age_ix" ON "users" ((age + 1) DESC, "email");
CREATE UNIQUE INDEX "users_email_ix" ON "users" ((lower(email)));
CREATE TABLE "whimbrel_new_users" (
    "id" INTEGER NOT NULL,
    "email" TEXT DEFAULT 'x',
    "age" INTEGER DEFAULT 1,
    PRIMARY KEY ("id")
);
INSERT INTO "whimbrel_new_users" ("id", "email", "age") SELECT "id", "email", "age" FROM "users";
DROP TABLE "users";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_users" RENAME TO "users";
PRAGMA legacy_alter_table = OFF;
CREATE INDEX "users_age_ix" ON "users" ((age + 1) DESC, "email");
CREATE UNIQUE INDEX "users_email_ix" ON "users" ((lower(email)));
