CREATE TYPE "order_status" AS ENUM ('new', 'paid');
ALTER TABLE "orders" ADD COLUMN "status" "order_status" NOT NULL DEFAULT 'new';
ALTER TABLE "orders" ADD COLUMN "was" "order_status";
