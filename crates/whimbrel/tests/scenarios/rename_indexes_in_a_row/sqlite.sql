CREATE INDEX "users_c_ix" ON "users" ("age");
DROP INDEX "users_b_ix";
CREATE INDEX "users_b_ix" ON "users" ("email");
DROP INDEX "users_a_ix";
