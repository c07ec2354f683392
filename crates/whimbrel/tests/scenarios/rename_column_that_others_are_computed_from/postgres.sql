ALTER TABLE "items" RENAME COLUMN "amount" TO "pieces";
