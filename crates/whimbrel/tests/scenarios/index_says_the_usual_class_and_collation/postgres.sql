CREATE INDEX "users_age_ix" ON "users" ("age" "int4_ops", "email" COLLATE "default" "text_ops");
