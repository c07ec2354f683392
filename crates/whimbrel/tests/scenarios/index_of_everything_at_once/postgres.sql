CREATE UNIQUE INDEX "users_all_ix" ON "users" ((lower(email)) COLLATE "C" "text_pattern_ops" DESC NULLS LAST, "age") INCLUDE ("note") WHERE age is not null;
