CREATE TABLE "makers" (
    "id" BIGSERIAL NOT NULL,
    "label" VARCHAR(16) NOT NULL DEFAULT 'none',
    PRIMARY KEY ("id")
);
CREATE TABLE "goods" (
    "id" BIGSERIAL NOT NULL,
    "maker" BIGINT,
    "price" DECIMAL(12,3),
    "tags" VARCHAR(50)[],
    PRIMARY KEY ("id"),
    CONSTRAINT "fk_goods_maker" FOREIGN KEY ("maker") REFERENCES "makers" ("id") ON DELETE CASCADE
);
