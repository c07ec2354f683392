CREATE TABLE "whimbrel_new_orders" (
    "id" INTEGER NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'new' CONSTRAINT "enum order_status" CHECK ("status" IN ('draft', 'new', 'paid')),
    "was" TEXT CONSTRAINT "enum order_status" CHECK ("was" IN ('draft', 'new', 'paid')),
    PRIMARY KEY ("id")
);
INSERT INTO "whimbrel_new_orders" ("id", "status", "was") SELECT "id", "status", "was" FROM "orders";
DROP TABLE "orders";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_orders" RENAME TO "orders";
PRAGMA legacy_alter_table = OFF;
CREATE TABLE "whimbrel_new_orders" (
    "id" INTEGER NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'new' CONSTRAINT "enum order_status" CHECK ("status" IN ('draft', 'new', 'held', 'paid')),
    "was" TEXT CONSTRAINT "enum order_status" CHECK ("was" IN ('draft', 'new', 'held', 'paid')),
    PRIMARY KEY ("id")
);
INSERT INTO "whimbrel_new_orders" ("id", "status", "was") SELECT "id", "status", "was" FROM "orders";
DROP TABLE "orders";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_orders" RENAME TO "orders";
PRAGMA legacy_alter_table = OFF;
CREATE TABLE "whimbrel_new_orders" (
    "id" INTEGER NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'new' CONSTRAINT "enum order_status" CHECK ("status" IN ('draft', 'new', 'held', 'paid', 'gone')),
    "was" TEXT CONSTRAINT "enum order_status" CHECK ("was" IN ('draft', 'new', 'held', 'paid', 'gone')),
    PRIMARY KEY ("id")
);
INSERT INTO "whimbrel_new_orders" ("id", "status", "was") SELECT "id", "status", "was" FROM "orders";
DROP TABLE "orders";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_orders" RENAME TO "orders";
PRAGMA legacy_alter_table = OFF;
ALTER TABLE "orders" ADD COLUMN "next" TEXT DEFAULT 'gone' CONSTRAINT "enum order_status" CHECK ("next" IN ('draft', 'new', 'held', 'paid', 'gone'));
CREATE TABLE "whimbrel_new_orders" (
    "id" INTEGER NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'draft' CONSTRAINT "enum order_status" CHECK ("status" IN ('draft', 'new', 'held', 'paid', 'gone')),
    "was" TEXT CONSTRAINT "enum order_status" CHECK ("was" IN ('draft', 'new', 'held', 'paid', 'gone')),
    "next" TEXT DEFAULT 'gone' CONSTRAINT "enum order_status" CHECK ("next" IN ('draft', 'new', 'held', 'paid', 'gone')),
    PRIMARY KEY ("id")
);
INSERT INTO "whimbrel_new_orders" ("id", "status", "was", "next") SELECT "id", "status", "was", "next" FROM "orders";
DROP TABLE "orders";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_orders" RENAME TO "orders";
PRAGMA legacy_alter_table = OFF;
