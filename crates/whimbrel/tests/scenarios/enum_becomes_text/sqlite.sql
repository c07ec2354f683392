CREATE TABLE "whimbrel_new_orders" (
    "id" INTEGER NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'new',
    "size" TEXT CONSTRAINT "enum size" CHECK ("size" IN ('small', 'large')),
    PRIMARY KEY ("id")
);
INSERT INTO "whimbrel_new_orders" ("id", "status", "size") SELECT "id", "status", "size" FROM "orders";
DROP TABLE "orders";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_orders" RENAME TO "orders";
PRAGMA legacy_alter_table = OFF;
CREATE TABLE "whimbrel_new_orders" (
    "id" INTEGER NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'new',
    "size" TEXT CONSTRAINT "enum measure" CHECK ("size" IN ('minute', 'tiny', 'small', 'medium', 'large', 'huge', 'vast')),
    PRIMARY KEY ("id")
);
INSERT INTO "whimbrel_new_orders" ("id", "status", "size") SELECT "id", "status", "size" FROM "orders";
DROP TABLE "orders";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_orders" RENAME TO "orders";
PRAGMA legacy_alter_table = OFF;
