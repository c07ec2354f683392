DROP INDEX "orders_open";
ALTER TYPE "order_status" RENAME TO "whimbrel_old_order_status";
CREATE TYPE "order_status" AS ENUM ('new', 'paid');
ALTER TABLE "orders" ALTER COLUMN "status" DROP DEFAULT, ALTER COLUMN "status" TYPE "order_status" USING "status"::TEXT::"order_status", ALTER COLUMN "status" SET DEFAULT 'new';
DROP TYPE "whimbrel_old_order_status";
CREATE INDEX "orders_open" ON "orders" ("id") WHERE status = 'new';
