ALTER TABLE "events" RENAME TO "happenings";
ALTER TABLE "happenings" ADD COLUMN "more" INTEGER;
CREATE TABLE "whimbrel_new_happenings" (
    "id" INTEGER NOT NULL,
    "kind" TEXT NOT NULL DEFAULT 'NEW',
    "weight" REAL,
    "body" BLOB,
    "more" INTEGER,
    PRIMARY KEY ("id")
) STRICT, WITHOUT ROWID;
INSERT INTO "whimbrel_new_happenings" ("id", "kind", "weight", "body", "more") SELECT "id", "kind", "weight", "body", "more" FROM "happenings";
DROP TABLE "happenings";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_happenings" RENAME TO "happenings";
PRAGMA legacy_alter_table = OFF;
