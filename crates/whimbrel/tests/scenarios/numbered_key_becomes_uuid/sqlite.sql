CREATE TABLE "whimbrel_new_guests" (
    "words" TEXT,
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "token" TEXT NOT NULL DEFAULT (lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-' || substr('89ab', (random() & 3) + 1, 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6))))
);
INSERT INTO "whimbrel_new_guests" ("words", "id") SELECT "words", "id" FROM "guests";
DELETE FROM sqlite_sequence WHERE name = 'whimbrel_new_guests';
INSERT INTO sqlite_sequence (name, seq) SELECT 'whimbrel_new_guests', seq FROM sqlite_sequence WHERE name = 'guests';
DROP TABLE "guests";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_guests" RENAME TO "guests";
PRAGMA legacy_alter_table = OFF;
CREATE TABLE "whimbrel_new_guests" (
    "words" TEXT,
    "token" TEXT NOT NULL DEFAULT (lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-' || substr('89ab', (random() & 3) + 1, 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6))))
);
INSERT INTO "whimbrel_new_guests" ("words", "token") SELECT "words", "token" FROM "guests";
DROP TABLE "guests";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_guests" RENAME TO "guests";
PRAGMA legacy_alter_table = OFF;
CREATE TABLE "whimbrel_new_guests" (
    "words" TEXT,
    "token" TEXT NOT NULL DEFAULT (lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-' || substr('89ab', (random() & 3) + 1, 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))),
    PRIMARY KEY ("token")
);
INSERT INTO "whimbrel_new_guests" ("words", "token") SELECT "words", "token" FROM "guests";
DROP TABLE "guests";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_guests" RENAME TO "guests";
PRAGMA legacy_alter_table = OFF;
