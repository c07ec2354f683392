CREATE TYPE "order_status" AS ENUM ('new', 'paid');
CREATE TYPE "size" AS ENUM ('small', 'large');
ALTER TABLE "orders" ALTER COLUMN "status" DROP DEFAULT, ALTER COLUMN "status" TYPE "order_status" USING "status"::"order_status", ALTER COLUMN "status" SET DEFAULT 'paid';
ALTER TABLE "orders" ALTER COLUMN "size" TYPE "size" USING "size"::"size";
