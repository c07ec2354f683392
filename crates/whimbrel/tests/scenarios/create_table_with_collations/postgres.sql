CREATE TABLE "codes" (
    "code" VARCHAR(20) COLLATE "C" NOT NULL,
    "title" TEXT COLLATE "ucs_basic" NOT NULL,
    "short" VARCHAR(30) COLLATE "POSIX" GENERATED ALWAYS AS (upper(code)) STORED,
    "usual" TEXT COLLATE "default",
    PRIMARY KEY ("code")
);
CREATE INDEX "codes_short_ix" ON "codes" ("short" COLLATE "C");
COMMENT ON COLUMN "codes"."short" IS 'in capitals';
CREATE TABLE "prices" (
    "id" INTEGER NOT NULL,
    "code_id" VARCHAR(20) COLLATE "C",
    PRIMARY KEY ("id"),
    CONSTRAINT "fk_prices_code_id" FOREIGN KEY ("code_id") REFERENCES "codes" ("code") ON DELETE RESTRICT
);
