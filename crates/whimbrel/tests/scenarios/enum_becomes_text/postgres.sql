CREATE TYPE "measure" AS ENUM ('minute', 'tiny', 'small', 'medium', 'large', 'huge', 'vast');
ALTER TABLE "orders" ALTER COLUMN "status" TYPE VARCHAR(20), ALTER COLUMN "status" SET DEFAULT 'new';
ALTER TABLE "orders" ALTER COLUMN "size" TYPE "measure" USING "size"::TEXT::"measure";
DROP TYPE "order_status";
DROP TYPE "size";
