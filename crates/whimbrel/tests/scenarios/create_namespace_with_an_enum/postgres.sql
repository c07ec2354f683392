CREATE SCHEMA "shopping";
CREATE TYPE "shopping"."order_status" AS ENUM ('new', 'paid');
CREATE TABLE "shopping"."orders" (
    "id" INTEGER NOT NULL,
    "status" "shopping"."order_status" NOT NULL DEFAULT 'new',
    PRIMARY KEY ("id")
);
