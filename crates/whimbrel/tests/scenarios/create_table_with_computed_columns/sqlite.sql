CREATE TABLE "items" (
    "id" INTEGER NOT NULL,
    "name" TEXT,
    "price" NUMERIC,
    "amount" INTEGER,
    "total" NUMERIC GENERATED ALWAYS AS ((price * amount) + 1) STORED,
    "label" TEXT GENERATED ALWAYS AS ('<' || upper(name) || '>') STORED,
    PRIMARY KEY ("id")
);
CREATE INDEX "items_by_total" ON "items" ("total");
