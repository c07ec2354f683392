CREATE TABLE "whimbrel_new_products" (
    "id" INTEGER NOT NULL,
    "price" INTEGER NOT NULL,
    "state" TEXT,
    PRIMARY KEY ("id"),
    CONSTRAINT "ck_products_price" CHECK (price > 0),
    CONSTRAINT "ck_products_state" CHECK (state IN ('new', 'sold', 'it''s')),
    CONSTRAINT "sold_is_not_cheap" CHECK (price > 1 OR state <> 'sold')
);
INSERT INTO "whimbrel_new_products" ("id", "price", "state") SELECT "id", "price", "state" FROM "products";
DROP TABLE "products";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_products" RENAME TO "products";
PRAGMA legacy_alter_table = OFF;
CREATE TABLE "whimbrel_new_products" (
    "id" INTEGER NOT NULL,
    "price" INTEGER NOT NULL,
    "state" TEXT,
    PRIMARY KEY ("id"),
    CONSTRAINT "ck_products_state" CHECK (state IN ('new', 'sold', 'it''s')),
    CONSTRAINT "sold_is_not_cheap" CHECK (price > 1 OR state <> 'sold')
);
INSERT INTO "whimbrel_new_products" ("id", "price", "state") SELECT "id", "price", "state" FROM "products";
DROP TABLE "products";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_products" RENAME TO "products";
PRAGMA legacy_alter_table = OFF;
CREATE TABLE "whimbrel_new_products" (
    "id" INTEGER NOT NULL,
    "price" INTEGER NOT NULL,
    "state" TEXT,
    PRIMARY KEY ("id"),
    CONSTRAINT "ck_products_state" CHECK (state IN ('new', 'sold', 'it''s')),
    CONSTRAINT "sold_is_not_cheap" CHECK (price > 1 OR state <> 'sold'),
    CONSTRAINT "ck_products_price" CHECK (price >= 0)
);
INSERT INTO "whimbrel_new_products" ("id", "price", "state") SELECT "id", "price", "state" FROM "products";
DROP TABLE "products";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_products" RENAME TO "products";
PRAGMA legacy_alter_table = OFF;
