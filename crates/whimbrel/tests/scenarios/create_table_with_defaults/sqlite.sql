CREATE TABLE "settings" (
    "id" TEXT NOT NULL DEFAULT (lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-' || substr('89ab', (random() & 3) + 1, 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))),
    "label" TEXT NOT NULL DEFAULT ('it''s "new" \ here'),
    "state" TEXT NOT NULL DEFAULT 'ACTIVE',
    "empty" TEXT NOT NULL DEFAULT '',
    "body" TEXT DEFAULT 'none yet',
    "flag" INTEGER NOT NULL DEFAULT 1,
    "price" NUMERIC NOT NULL DEFAULT 0.10,
    "seen_at" DATETIME DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY ("id")
);
