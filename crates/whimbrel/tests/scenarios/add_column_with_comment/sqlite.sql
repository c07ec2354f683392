CREATE TABLE "whimbrel_new_people" (
    "id" INTEGER NOT NULL,
    "token" TEXT DEFAULT (lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-' || substr('89ab', (random() & 3) + 1, 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))),
    PRIMARY KEY ("id")
);
INSERT INTO "whimbrel_new_people" ("id") SELECT "id" FROM "people";
DROP TABLE "people";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_people" RENAME TO "people";
PRAGMA legacy_alter_table = OFF;
ALTER TABLE "people" ADD COLUMN "age" INTEGER;
