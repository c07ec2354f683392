CREATE TABLE "whimbrel_new_stays" (
    "words" TEXT
);
INSERT INTO "whimbrel_new_stays" ("words") SELECT "words" FROM "stays";
DROP TABLE "stays";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_stays" RENAME TO "stays";
PRAGMA legacy_alter_table = OFF;
