CREATE TABLE "whimbrel_new_orders" (
    "id" INTEGER NOT NULL,
    "status" TEXT NOT NULL,
    "total" INTEGER DEFAULT 7,
    PRIMARY KEY ("id")
);
INSERT INTO "whimbrel_new_orders" ("id", "status", "total") SELECT "id", "status", "total" FROM "orders";
DROP TABLE "orders";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_orders" RENAME TO "orders";
PRAGMA legacy_alter_table = OFF;
CREATE TABLE "whimbrel_new_orders" (
    "id" INTEGER NOT NULL,
    "status" TEXT NOT NULL,
    "total" INTEGER DEFAULT 7,
    PRIMARY KEY ("id"),
    CONSTRAINT "ck_total" CHECK (total >= 0)
);
INSERT INTO "whimbrel_new_orders" ("id", "status", "total") SELECT "id", "status", "total" FROM "orders";
DROP TABLE "orders";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_orders" RENAME TO "orders";
PRAGMA legacy_alter_table = OFF;
