CREATE TABLE "whimbrel_new_orders" (
    "id" INTEGER NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'payed' CONSTRAINT "enum order_state" CHECK ("status" IN ('new', 'payed', 'gone')),
    "was" TEXT CONSTRAINT "enum order_state" CHECK ("was" IN ('new', 'payed', 'gone')),
    PRIMARY KEY ("id")
);
INSERT INTO "whimbrel_new_orders" ("id", "status", "was") SELECT "id", "status", "was" FROM "orders";
DROP TABLE "orders";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_orders" RENAME TO "orders";
PRAGMA legacy_alter_table = OFF;
CREATE TABLE "whimbrel_new_orders" (
    "id" INTEGER NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'paid' CONSTRAINT "enum order_state" CHECK ("status" IN ('new', 'paid', 'gone')),
    "was" TEXT CONSTRAINT "enum order_state" CHECK ("was" IN ('new', 'paid', 'gone')),
    PRIMARY KEY ("id")
);
INSERT INTO "whimbrel_new_orders" ("id", "status", "was") SELECT "id", CASE "status" WHEN 'payed' THEN 'paid' ELSE "status" END, CASE "was" WHEN 'payed' THEN 'paid' ELSE "was" END FROM "orders";
DROP TABLE "orders";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_orders" RENAME TO "orders";
PRAGMA legacy_alter_table = OFF;
ALTER TABLE "orders" RENAME TO "purchases";
ALTER TABLE "purchases" RENAME COLUMN "status" TO "state";
CREATE TABLE "whimbrel_new_purchases" (
    "id" INTEGER NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'paid' CONSTRAINT "enum order_state" CHECK ("state" IN ('draft', 'new', 'paid')),
    "was" TEXT CONSTRAINT "enum order_state" CHECK ("was" IN ('draft', 'new', 'paid')),
    PRIMARY KEY ("id")
);
INSERT INTO "whimbrel_new_purchases" ("id", "state", "was") SELECT "id", "state", "was" FROM "purchases";
DROP TABLE "purchases";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_purchases" RENAME TO "purchases";
PRAGMA legacy_alter_table = OFF;
CREATE TABLE "whimbrel_new_purchases" (
    "id" INTEGER NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'paid' CONSTRAINT "enum order_state" CHECK ("state" IN ('draft', 'new', 'paid')),
    "was" TEXT DEFAULT 'draft' CONSTRAINT "enum order_state" CHECK ("was" IN ('draft', 'new', 'paid')),
    PRIMARY KEY ("id")
);
INSERT INTO "whimbrel_new_purchases" ("id", "state", "was") SELECT "id", "state", "was" FROM "purchases";
DROP TABLE "purchases";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_purchases" RENAME TO "purchases";
PRAGMA legacy_alter_table = OFF;
