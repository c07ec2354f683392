CREATE TABLE "whimbrel_new_orders" (
    "id" INTEGER NOT NULL,
    "status" TEXT DEFAULT 'paid' CONSTRAINT "enum order_status" CHECK ("status" IN ('new', 'paid')),
    "settled" INTEGER GENERATED ALWAYS AS (CASE WHEN status = 'paid' THEN 1 ELSE 0 END) STORED,
    PRIMARY KEY ("id")
);
INSERT INTO "whimbrel_new_orders" ("id", "status") SELECT "id", CASE "status" WHEN 'payed' THEN 'paid' ELSE "status" END FROM "orders";
DROP TABLE "orders";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_orders" RENAME TO "orders";
PRAGMA legacy_alter_table = OFF;
