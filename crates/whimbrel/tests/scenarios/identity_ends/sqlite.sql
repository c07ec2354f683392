CREATE TABLE "whimbrel_new_items" (
    "line" INTEGER NOT NULL,
    "order_id" INTEGER,
    PRIMARY KEY ("line")
);
INSERT INTO "whimbrel_new_items" ("line", "order_id") SELECT "line", "order_id" FROM "items";
DROP TABLE "items";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_items" RENAME TO "items";
PRAGMA legacy_alter_table = OFF;
CREATE TABLE "whimbrel_new_orders" (
    "id" INTEGER PRIMARY KEY NOT NULL,
    "state" TEXT
);
INSERT INTO "whimbrel_new_orders" ("id", "state") SELECT "id", "state" FROM "orders";
DROP TABLE "orders";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_orders" RENAME TO "orders";
PRAGMA legacy_alter_table = OFF;
CREATE TABLE "whimbrel_new_items" (
    "line" INTEGER NOT NULL,
    "order_id" INTEGER,
    PRIMARY KEY ("line"),
    CONSTRAINT "fk_items_order_id" FOREIGN KEY ("order_id") REFERENCES "orders" ("id") ON DELETE RESTRICT
);
INSERT INTO "whimbrel_new_items" ("line", "order_id") SELECT "line", "order_id" FROM "items";
DROP TABLE "items";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_items" RENAME TO "items";
PRAGMA legacy_alter_table = OFF;
