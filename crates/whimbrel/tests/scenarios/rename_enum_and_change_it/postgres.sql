ALTER TYPE "order_status" RENAME TO "order_state";
ALTER TYPE "order_state" RENAME VALUE 'payed' TO 'paid';
ALTER TABLE "orders" RENAME TO "purchases";
ALTER TABLE "purchases" RENAME COLUMN "status" TO "state";
ALTER TYPE "order_state" RENAME TO "whimbrel_old_order_state";
CREATE TYPE "order_state" AS ENUM ('draft', 'new', 'paid');
ALTER TABLE "purchases" ALTER COLUMN "state" DROP DEFAULT, ALTER COLUMN "state" TYPE "order_state" USING "state"::TEXT::"order_state", ALTER COLUMN "state" SET DEFAULT 'paid', ALTER COLUMN "was" TYPE "order_state" USING "was"::TEXT::"order_state";
DROP TYPE "whimbrel_old_order_state";
ALTER TABLE "purchases" ALTER COLUMN "was" SET DEFAULT 'draft';
