CREATE TABLE "whimbrel_new_orders" (
    "id" INTEGER NOT NULL,
    "customer_id" INTEGER,
    PRIMARY KEY ("id")
);
INSERT INTO "whimbrel_new_orders" ("id", "customer_id") SELECT "id", "customer_id" FROM "orders";
DROP TABLE "orders";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_orders" RENAME TO "orders";
PRAGMA legacy_alter_table = OFF;
ALTER TABLE "orders" DROP COLUMN "customer_id";
DROP TABLE "zz_customers";
