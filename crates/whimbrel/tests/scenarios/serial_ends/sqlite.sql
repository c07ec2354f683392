CREATE TABLE "whimbrel_new_notes" (
    "number" INTEGER PRIMARY KEY NOT NULL,
    "body" TEXT
);
INSERT INTO "whimbrel_new_notes" ("number", "body") SELECT "number", "body" FROM "notes";
DROP TABLE "notes";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_notes" RENAME TO "notes";
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
