CREATE TABLE "products" (
    "id" BIGSERIAL NOT NULL,
    "price" DECIMAL(10,2) NOT NULL,
    "discount" INTEGER DEFAULT 0,
    "code" VARCHAR(20),
    "order" INTEGER,
    PRIMARY KEY ("id"),
    CONSTRAINT "cheap_or_named" CHECK ((price < 100 OR code IS NOT NULL) AND (discount < 50 OR price < 500)),
    CONSTRAINT "ck_products_code" CHECK (code ~ '^[a-z]+$'),
    CONSTRAINT "ck_products_discount" CHECK (discount BETWEEN 0 AND 90),
    CONSTRAINT "ck_products_order" CHECK ("order" > 0),
    CONSTRAINT "ck_products_price" CHECK (price > 0 AND price <> 13),
    CONSTRAINT "lower" CHECK (lower(code) = code AND code NOT LIKE 'x%')
);
