CREATE TABLE "whimbrel_new_notes" (
    "code" TEXT NOT NULL,
    "words" TEXT,
    PRIMARY KEY ("code")
);
INSERT INTO "whimbrel_new_notes" ("code", "words") SELECT "code", "words" FROM "notes";
DROP TABLE "notes";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_notes" RENAME TO "notes";
PRAGMA legacy_alter_table = OFF;
