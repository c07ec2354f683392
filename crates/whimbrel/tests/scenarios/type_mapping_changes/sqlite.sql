CREATE TABLE "whimbrel_new_readings" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "value" NUMERIC NOT NULL DEFAULT 0.5,
    "note" TEXT NOT NULL,
    "unit" TEXT
);
INSERT INTO "whimbrel_new_readings" ("id", "value", "note", "unit") SELECT "id", "value", "note", "unit" FROM "readings";
DELETE FROM sqlite_sequence WHERE name = 'whimbrel_new_readings';
INSERT INTO sqlite_sequence (name, seq) SELECT 'whimbrel_new_readings', seq FROM sqlite_sequence WHERE name = 'readings';
DROP TABLE "readings";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_readings" RENAME TO "readings";
PRAGMA legacy_alter_table = OFF;
