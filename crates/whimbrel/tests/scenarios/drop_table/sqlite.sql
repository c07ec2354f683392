DROP TABLE "old";
