CREATE TABLE "users" (
    "id" INTEGER NOT NULL,
    "email" TEXT NOT NULL,
    "age" INTEGER,
    "note" TEXT,
    PRIMARY KEY ("id")
);
CREATE INDEX "users_age_ix" ON "users" ("age", (age + 1) DESC);
CREATE UNIQUE INDEX "users_email_ix" ON "users" ((lower(email)));
