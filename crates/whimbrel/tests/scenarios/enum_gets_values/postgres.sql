ALTER TYPE "order_status" ADD VALUE 'draft' BEFORE 'new';
ALTER TYPE "order_status" ADD VALUE 'held' BEFORE 'paid';
ALTER TYPE "order_status" ADD VALUE 'gone';
ALTER TABLE "orders" ADD COLUMN "next" "order_status" DEFAULT 'gone';
ALTER TABLE "orders" ALTER COLUMN "status" SET DEFAULT 'draft';
