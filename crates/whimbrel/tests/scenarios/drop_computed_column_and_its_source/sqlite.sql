ALTER TABLE "items" DROP COLUMN "total";
ALTER TABLE "items" DROP COLUMN "amount";
