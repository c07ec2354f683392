ALTER TYPE "order_status" RENAME TO "whimbrel_old_order_status";
CREATE TYPE "order_status" AS ENUM ('sent', 'draft', 'new', 'paid');
ALTER TABLE "orders" ALTER COLUMN "status" DROP DEFAULT, ALTER COLUMN "status" TYPE "order_status" USING "status"::TEXT::"order_status", ALTER COLUMN "status" SET DEFAULT 'new';
DROP TYPE "whimbrel_old_order_status";
