CREATE TABLE "makers" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "label" TEXT NOT NULL DEFAULT 'none'
);
CREATE TABLE "goods" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "maker" INTEGER,
    "price" NUMERIC,
    "tags" TEXT,
    CONSTRAINT "fk_goods_maker" FOREIGN KEY ("maker") REFERENCES "makers" ("id") ON DELETE CASCADE
);
