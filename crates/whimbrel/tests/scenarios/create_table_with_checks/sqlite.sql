CREATE TABLE "products" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "price" NUMERIC NOT NULL,
    "discount" INTEGER DEFAULT 0,
    "code" TEXT,
    "order" INTEGER,
    CONSTRAINT "cheap_or_named" CHECK ((price < 100 OR code IS NOT NULL) AND (discount < 50 OR price < 500)),
    CONSTRAINT "ck_products_discount" CHECK (discount BETWEEN 0 AND 90),
    CONSTRAINT "ck_products_order" CHECK ("order" > 0),
    CONSTRAINT "ck_products_price" CHECK (price > 0 AND price <> 13),
    CONSTRAINT "lower" CHECK (lower(code) = code AND code NOT LIKE 'x%')
);
