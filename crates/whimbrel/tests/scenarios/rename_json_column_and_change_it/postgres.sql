ALTER TABLE "letters" RENAME COLUMN "body" TO "content";
ALTER TABLE "letters" ALTER COLUMN "content" TYPE VARCHAR(20);
