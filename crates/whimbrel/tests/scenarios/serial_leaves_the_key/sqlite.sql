CREATE TABLE "whimbrel_new_notes" (
    "id" INTEGER PRIMARY KEY NOT NULL,
    "code" TEXT NOT NULL,
    "body" TEXT
);
INSERT INTO "whimbrel_new_notes" ("id", "code", "body") SELECT "id", "code", "body" FROM "notes";
DROP TABLE "notes";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_notes" RENAME TO "notes";
PRAGMA legacy_alter_table = OFF;
CREATE TABLE "whimbrel_new_notes" (
    "id" INTEGER NOT NULL,
    "code" TEXT NOT NULL,
    "body" TEXT,
    PRIMARY KEY ("code")
);
INSERT INTO "whimbrel_new_notes" ("id", "code", "body") SELECT "id", "code", "body" FROM "notes";
DROP TABLE "notes";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_notes" RENAME TO "notes";
PRAGMA legacy_alter_table = OFF;
