CREATE TABLE "whimbrel_new_orders" (
    "id" INTEGER NOT NULL,
    PRIMARY KEY ("id")
);
INSERT INTO "whimbrel_new_orders" ("id") SELECT "id" FROM "orders";
DROP TABLE "orders";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_orders" RENAME TO "orders";
PRAGMA legacy_alter_table = OFF;
DROP TABLE "parcels";
