ALTER TABLE "orders" ADD COLUMN "status" TEXT NOT NULL DEFAULT 'new' CONSTRAINT "enum order_status" CHECK ("status" IN ('new', 'paid'));
ALTER TABLE "orders" ADD COLUMN "was" TEXT CONSTRAINT "enum order_status" CHECK ("was" IN ('new', 'paid'));
