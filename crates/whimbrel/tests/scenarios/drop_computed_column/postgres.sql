ALTER TABLE "items" DROP COLUMN "total";
