ALTER TABLE "papers" RENAME COLUMN "body" TO "text";
