ALTER TABLE "letters" RENAME COLUMN "body" TO "content";
