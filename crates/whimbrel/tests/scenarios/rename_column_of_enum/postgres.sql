ALTER TABLE "orders" RENAME COLUMN "status" TO "state";
ALTER TABLE "orders" RENAME CONSTRAINT "ck_orders_status" TO "ck_orders_state";
ALTER TABLE "orders" ALTER COLUMN "state" SET DEFAULT 'paid';
