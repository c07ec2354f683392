CREATE TABLE "whimbrel_new_notes" (
    "words" TEXT,
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL
);
INSERT INTO "whimbrel_new_notes" ("words") SELECT "words" FROM "notes";
DROP TABLE "notes";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_notes" RENAME TO "notes";
PRAGMA legacy_alter_table = OFF;
