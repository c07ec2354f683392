CREATE TABLE "whimbrel_new_orders" (
    "id" INTEGER NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'old' CONSTRAINT "enum order_status" CHECK ("status" IN ('fresh', 'new', 'old', 'paid')),
    "label" TEXT,
    "plain" TEXT CONSTRAINT "enum order_status" CHECK ("plain" IN ('fresh', 'new', 'old', 'paid')),
    PRIMARY KEY ("id")
);
INSERT INTO "whimbrel_new_orders" ("id", "status", "label", "plain") SELECT "id", "status", "label", "plain" FROM "orders";
DROP TABLE "orders";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_orders" RENAME TO "orders";
PRAGMA legacy_alter_table = OFF;
ALTER TABLE "orders" ADD COLUMN "added" TEXT DEFAULT 'fresh' CONSTRAINT "enum order_status" CHECK ("added" IN ('fresh', 'new', 'old', 'paid'));
CREATE TABLE "whimbrel_new_orders" (
    "id" INTEGER NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'fresh' CONSTRAINT "enum order_status" CHECK ("status" IN ('fresh', 'new', 'old', 'paid')),
    "label" TEXT,
    "plain" TEXT CONSTRAINT "enum order_status" CHECK ("plain" IN ('fresh', 'new', 'old', 'paid')),
    "added" TEXT DEFAULT 'fresh' CONSTRAINT "enum order_status" CHECK ("added" IN ('fresh', 'new', 'old', 'paid')),
    PRIMARY KEY ("id")
);
INSERT INTO "whimbrel_new_orders" ("id", "status", "label", "plain", "added") SELECT "id", "status", "label", "plain", "added" FROM "orders";
DROP TABLE "orders";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_orders" RENAME TO "orders";
PRAGMA legacy_alter_table = OFF;
CREATE TABLE "whimbrel_new_orders" (
    "id" INTEGER NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'fresh' CONSTRAINT "enum order_status" CHECK ("status" IN ('fresh', 'new', 'old', 'paid')),
    "label" TEXT CONSTRAINT "enum order_status" CHECK ("label" IN ('fresh', 'new', 'old', 'paid')),
    "plain" TEXT CONSTRAINT "enum order_status" CHECK ("plain" IN ('fresh', 'new', 'old', 'paid')),
    "added" TEXT DEFAULT 'fresh' CONSTRAINT "enum order_status" CHECK ("added" IN ('fresh', 'new', 'old', 'paid')),
    PRIMARY KEY ("id")
);
INSERT INTO "whimbrel_new_orders" ("id", "status", "label", "plain", "added") SELECT "id", "status", "label", "plain", "added" FROM "orders";
DROP TABLE "orders";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_orders" RENAME TO "orders";
PRAGMA legacy_alter_table = OFF;
CREATE TABLE "whimbrel_new_orders" (
    "id" INTEGER NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'fresh' CONSTRAINT "enum order_status" CHECK ("status" IN ('fresh', 'new', 'old', 'paid')),
    "label" TEXT CONSTRAINT "enum order_status" CHECK ("label" IN ('fresh', 'new', 'old', 'paid')),
    "plain" TEXT,
    "added" TEXT DEFAULT 'fresh' CONSTRAINT "enum order_status" CHECK ("added" IN ('fresh', 'new', 'old', 'paid')),
    PRIMARY KEY ("id")
);
INSERT INTO "whimbrel_new_orders" ("id", "status", "label", "plain", "added") SELECT "id", "status", "label", "plain", "added" FROM "orders";
DROP TABLE "orders";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_orders" RENAME TO "orders";
PRAGMA legacy_alter_table = OFF;
CREATE TABLE "whimbrel_new_orders" (
    "id" INTEGER NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'fresh' CONSTRAINT "enum order_status" CHECK ("status" IN ('fresh', 'new', 'paid')),
    "label" TEXT CONSTRAINT "enum order_status" CHECK ("label" IN ('fresh', 'new', 'paid')),
    "plain" TEXT,
    "added" TEXT DEFAULT 'fresh' CONSTRAINT "enum order_status" CHECK ("added" IN ('fresh', 'new', 'paid')),
    PRIMARY KEY ("id")
);
INSERT INTO "whimbrel_new_orders" ("id", "status", "label", "plain", "added") SELECT "id", "status", "label", "plain", "added" FROM "orders";
DROP TABLE "orders";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_orders" RENAME TO "orders";
PRAGMA legacy_alter_table = OFF;
