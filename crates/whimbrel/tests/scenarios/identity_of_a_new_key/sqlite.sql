CREATE TABLE "whimbrel_new_notes" (
    "code" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    PRIMARY KEY ("number")
);
INSERT INTO "whimbrel_new_notes" ("code", "number") SELECT "code", "number" FROM "notes";
DROP TABLE "notes";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_notes" RENAME TO "notes";
PRAGMA legacy_alter_table = OFF;
CREATE TABLE "whimbrel_new_notes" (
    "code" TEXT NOT NULL,
    "number" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL
);
INSERT INTO "whimbrel_new_notes" ("code", "number") SELECT "code", "number" FROM "notes";
DROP TABLE "notes";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_notes" RENAME TO "notes";
PRAGMA legacy_alter_table = OFF;
