DROP VIEW "paid_orders";
ALTER TYPE "order_status" RENAME TO "whimbrel_old_order_status";
CREATE TYPE "order_status" AS ENUM ('paid', 'fresh');
ALTER TABLE "orders" ALTER COLUMN "status" TYPE "order_status" USING "status"::TEXT::"order_status";
DROP TYPE "whimbrel_old_order_status";
CREATE VIEW "paid_orders" AS
SELECT id, status FROM orders WHERE status = 'paid';
