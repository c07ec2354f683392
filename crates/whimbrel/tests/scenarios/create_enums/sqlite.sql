CREATE TABLE "orders" (
    "id" INTEGER NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'new' CONSTRAINT "enum order_status" CHECK ("status" IN ('new', 'paid', 'on hold', 'it''s gone')),
    "was" TEXT CONSTRAINT "enum order_status" CHECK ("was" IN ('new', 'paid', 'on hold', 'it''s gone')),
    "history" TEXT,
    PRIMARY KEY ("id")
);
CREATE TABLE "refunds" (
    "status" TEXT NOT NULL CONSTRAINT "enum order_status" CHECK ("status" IN ('new', 'paid', 'on hold', 'it''s gone')),
    PRIMARY KEY ("status")
);
CREATE UNIQUE INDEX "refunds_ix" ON "refunds" ("status");
