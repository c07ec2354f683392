ALTER TABLE "orders" RENAME COLUMN "status" TO "state";
CREATE TABLE "whimbrel_new_orders" (
    "id" INTEGER NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'new' CONSTRAINT "enum order_status" CHECK ("state" IN ('new', 'paid')),
    PRIMARY KEY ("id"),
    CONSTRAINT "ck_orders_state" CHECK (state <> 'paid' OR id > 0)
);
INSERT INTO "whimbrel_new_orders" ("id", "state") SELECT "id", "state" FROM "orders";
DROP TABLE "orders";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_orders" RENAME TO "orders";
PRAGMA legacy_alter_table = OFF;
CREATE TABLE "whimbrel_new_orders" (
    "id" INTEGER NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'paid' CONSTRAINT "enum order_status" CHECK ("state" IN ('new', 'paid')),
    PRIMARY KEY ("id"),
    CONSTRAINT "ck_orders_state" CHECK (state <> 'paid' OR id > 0)
);
INSERT INTO "whimbrel_new_orders" ("id", "state") SELECT "id", "state" FROM "orders";
DROP TABLE "orders";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_orders" RENAME TO "orders";
PRAGMA legacy_alter_table = OFF;
