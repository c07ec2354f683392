DROP VIEW "paid_orders";
CREATE TABLE "whimbrel_new_orders" (
    "id" INTEGER NOT NULL,
    "status" TEXT NOT NULL CONSTRAINT "enum order_status" CHECK ("status" IN ('paid', 'fresh')),
    "total" INTEGER NOT NULL,
    PRIMARY KEY ("id")
);
INSERT INTO "whimbrel_new_orders" ("id", "status", "total") SELECT "id", "status", "total" FROM "orders";
DROP TABLE "orders";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_orders" RENAME TO "orders";
PRAGMA legacy_alter_table = OFF;
CREATE VIEW "paid_orders" AS
SELECT id, status FROM orders WHERE status = 'paid';
SELECT * FROM "paid_orders" LIMIT 0;
