CREATE TABLE "whimbrel_new_orders" (
    "id" INTEGER NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'paid' CONSTRAINT "enum order_status" CHECK ("status" IN ('new', 'paid')),
    PRIMARY KEY ("id"),
    CONSTRAINT "ck_paid" CHECK (status <> 'paid' OR id > 0)
);
INSERT INTO "whimbrel_new_orders" ("id", "status") SELECT "id", CASE "status" WHEN 'Paid' THEN 'paid' ELSE "status" END FROM "orders";
DROP TABLE "orders";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_orders" RENAME TO "orders";
PRAGMA legacy_alter_table = OFF;
