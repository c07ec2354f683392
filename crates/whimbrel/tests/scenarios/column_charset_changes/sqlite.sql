CREATE TABLE "whimbrel_new_mails" (
    "id" INTEGER NOT NULL,
    "address" TEXT NOT NULL DEFAULT 'none',
    "host" TEXT,
    "same" TEXT,
    PRIMARY KEY ("id")
);
INSERT INTO "whimbrel_new_mails" ("id", "address", "host", "same") SELECT "id", "address", "host", "same" FROM "mails";
DROP TABLE "mails";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_mails" RENAME TO "mails";
PRAGMA legacy_alter_table = OFF;
