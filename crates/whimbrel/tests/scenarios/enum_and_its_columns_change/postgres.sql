ALTER TYPE "order_status" ADD VALUE 'fresh' BEFORE 'new';
ALTER TABLE "orders" ADD COLUMN "added" "order_status" DEFAULT 'fresh';
ALTER TABLE "orders" ALTER COLUMN "status" SET DEFAULT 'fresh';
ALTER TABLE "orders" ALTER COLUMN "label" TYPE "order_status" USING "label"::"order_status";
ALTER TABLE "orders" ALTER COLUMN "plain" TYPE VARCHAR(20);
ALTER TYPE "order_status" RENAME TO "whimbrel_old_order_status";
CREATE TYPE "order_status" AS ENUM ('fresh', 'new', 'paid');
ALTER TABLE "orders" ALTER COLUMN "status" DROP DEFAULT, ALTER COLUMN "status" TYPE "order_status" USING "status"::TEXT::"order_status", ALTER COLUMN "status" SET DEFAULT 'fresh', ALTER COLUMN "label" TYPE "order_status" USING "label"::TEXT::"order_status", ALTER COLUMN "added" DROP DEFAULT, ALTER COLUMN "added" TYPE "order_status" USING "added"::TEXT::"order_status", ALTER COLUMN "added" SET DEFAULT 'fresh';
DROP TYPE "whimbrel_old_order_status";
