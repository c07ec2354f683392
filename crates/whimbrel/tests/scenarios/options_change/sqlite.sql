CREATE TABLE "whimbrel_new_events" (
    "id" INTEGER NOT NULL,
    "kind" TEXT NOT NULL DEFAULT 'NEW',
    "weight" REAL,
    "body" BLOB,
    PRIMARY KEY ("id")
) WITHOUT ROWID;
INSERT INTO "whimbrel_new_events" ("id", "kind", "weight", "body") SELECT "id", "kind", "weight", "body" FROM "events";
DROP TABLE "events";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_events" RENAME TO "events";
PRAGMA legacy_alter_table = OFF;
