CREATE INDEX "orders_by_user" ON "orders" ("user_id");
DROP INDEX "orders_user_ix";
