CREATE TYPE "order_status" AS ENUM ('new', 'paid', 'on hold', 'it''s gone');
CREATE TYPE "unused" AS ENUM ('one');
CREATE TABLE "orders" (
    "id" INTEGER NOT NULL,
    "status" "order_status" NOT NULL DEFAULT 'new',
    "was" "order_status",
    "history" "order_status"[],
    PRIMARY KEY ("id")
);
CREATE TABLE "refunds" (
    "status" "order_status" NOT NULL,
    PRIMARY KEY ("status")
);
CREATE UNIQUE INDEX "refunds_ix" ON "refunds" ("status");
