CREATE UNIQUE INDEX "users_grown_ix" ON "users" ("email") WHERE age > 17;
