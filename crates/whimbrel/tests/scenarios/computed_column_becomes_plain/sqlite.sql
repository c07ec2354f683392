CREATE TABLE "whimbrel_new_items" (
    "id" INTEGER NOT NULL,
    "price" NUMERIC NOT NULL,
    "amount" INTEGER,
    "total" NUMERIC,
    PRIMARY KEY ("id")
);
INSERT INTO "whimbrel_new_items" ("id", "price", "amount", "total") SELECT "id", "price", "amount", "total" FROM "items";
DROP TABLE "items";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_items" RENAME TO "items";
PRAGMA legacy_alter_table = OFF;
