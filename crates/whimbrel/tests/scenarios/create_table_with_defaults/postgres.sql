CREATE TABLE "settings" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "label" VARCHAR(40) NOT NULL DEFAULT 'it''s "new" \ here',
    "state" VARCHAR(20) NOT NULL DEFAULT 'ACTIVE',
    "empty" VARCHAR(20) NOT NULL DEFAULT '',
    "body" TEXT DEFAULT 'none yet',
    "flag" BOOLEAN NOT NULL DEFAULT true,
    "price" DECIMAL(12,2) NOT NULL DEFAULT 0.10,
    "seen_at" TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY ("id")
);
