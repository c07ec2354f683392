CREATE TABLE "whimbrel_new_orders" (
    "id" INTEGER NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'new' CONSTRAINT "enum order_status" CHECK ("status" IN ('sent', 'draft', 'new', 'paid')),
    PRIMARY KEY ("id")
);
INSERT INTO "whimbrel_new_orders" ("id", "status") SELECT "id", "status" FROM "orders";
DROP TABLE "orders";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_orders" RENAME TO "orders";
PRAGMA legacy_alter_table = OFF;
