DROP INDEX "users_age_ix";
DROP INDEX "users_old_ix";
CREATE INDEX "users_age_ix" ON "users" ("age");
CREATE INDEX "users_old_ix" ON "users" ("age" DESC, (lower(email)) NULLS FIRST);
