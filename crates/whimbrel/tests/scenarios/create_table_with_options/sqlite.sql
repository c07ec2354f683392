CREATE TABLE "events" (
    "id" INTEGER NOT NULL,
    "kind" TEXT NOT NULL DEFAULT 'NEW',
    "weight" REAL,
    "body" BLOB,
    PRIMARY KEY ("id")
) STRICT, WITHOUT ROWID;
