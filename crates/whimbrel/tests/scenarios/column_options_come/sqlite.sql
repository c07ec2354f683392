CREATE TABLE "whimbrel_new_papers" (
    "id" INTEGER NOT NULL,
    "title" TEXT NOT NULL DEFAULT 'none',
    "body" TEXT,
    "amount" NUMERIC,
    PRIMARY KEY ("id")
);
INSERT INTO "whimbrel_new_papers" ("id", "title", "body", "amount") SELECT "id", "title", "body", "amount" FROM "papers";
DROP TABLE "papers";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_papers" RENAME TO "papers";
PRAGMA legacy_alter_table = OFF;
