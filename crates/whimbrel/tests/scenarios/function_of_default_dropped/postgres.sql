ALTER TABLE "orders" DROP COLUMN "code";
DROP FUNCTION "next_code"();
DROP FUNCTION "base_code"();
