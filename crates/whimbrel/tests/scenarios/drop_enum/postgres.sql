ALTER TABLE "orders" DROP COLUMN "status";
DROP TABLE "parcels";
DROP TYPE "order_status";
DROP TYPE "size";
