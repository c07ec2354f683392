CREATE TABLE "codes" (
    "code" TEXT COLLATE "nocase" NOT NULL,
    "title" TEXT NOT NULL,
    "short" TEXT COLLATE "rtrim" GENERATED ALWAYS AS (upper(code)) STORED,
    "usual" TEXT COLLATE "binary",
    PRIMARY KEY ("code")
);
CREATE INDEX "codes_short_ix" ON "codes" ("short");
CREATE TABLE "prices" (
    "id" INTEGER NOT NULL,
    "code_id" TEXT COLLATE "nocase",
    PRIMARY KEY ("id"),
    CONSTRAINT "fk_prices_code_id" FOREIGN KEY ("code_id") REFERENCES "codes" ("code") ON DELETE RESTRICT
);
