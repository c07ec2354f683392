CREATE TABLE "whimbrel_new_items" (
    "id" INTEGER NOT NULL,
    "price" NUMERIC NOT NULL,
    "amount" INTEGER,
    "total" NUMERIC GENERATED ALWAYS AS (price * amount) STORED,
    PRIMARY KEY ("id")
);
INSERT INTO "whimbrel_new_items" ("id", "price", "amount") SELECT "id", "price", "amount" FROM "items";
DROP TABLE "items";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_items" RENAME TO "items";
PRAGMA legacy_alter_table = OFF;
