ALTER TABLE "orders" ADD COLUMN "tenant" INTEGER NOT NULL DEFAULT 1;
CREATE TABLE "whimbrel_new_orders" (
    "id" INTEGER NOT NULL,
    "total" INTEGER,
    "tenant" INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY ("tenant", "id")
);
INSERT INTO "whimbrel_new_orders" ("id", "total", "tenant") SELECT "id", "total", "tenant" FROM "orders";
DROP TABLE "orders";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_orders" RENAME TO "orders";
PRAGMA legacy_alter_table = OFF;
