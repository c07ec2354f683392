CREATE TABLE "items" (
    "id" INTEGER NOT NULL,
    "name" VARCHAR(40),
    "price" DECIMAL(10,2),
    "amount" INTEGER,
    "total" DECIMAL(12,2) GENERATED ALWAYS AS ((price * amount) + 1) STORED,
    "label" VARCHAR(60) GENERATED ALWAYS AS ('<' || upper(name) || '>') STORED,
    PRIMARY KEY ("id")
);
CREATE INDEX "items_by_total" ON "items" ("total");
