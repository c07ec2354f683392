CREATE TABLE "whimbrel_new_readings" (
    "id" INTEGER NOT NULL,
    "place" TEXT,
    "amount" INTEGER DEFAULT 1,
    "said" TEXT DEFAULT '7',
    "seen" DATETIME,
    "note" TEXT,
    PRIMARY KEY ("id")
);
INSERT INTO "whimbrel_new_readings" ("id", "place", "amount", "said", "seen", "note") SELECT "id", "place", "amount", "said", "seen", "note" FROM "readings";
DROP TABLE "readings";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_readings" RENAME TO "readings";
PRAGMA legacy_alter_table = OFF;
CREATE INDEX "readings_by_place" ON "readings" ("place", "amount");
CREATE TABLE "whimbrel_new_readings" (
    "id" INTEGER NOT NULL,
    "place" TEXT,
    "amount" INTEGER DEFAULT 2,
    "said" TEXT DEFAULT '7',
    "seen" DATETIME,
    "note" TEXT,
    PRIMARY KEY ("id")
);
INSERT INTO "whimbrel_new_readings" ("id", "place", "amount", "said", "seen", "note") SELECT "id", "place", "amount", "said", "seen", "note" FROM "readings";
DROP TABLE "readings";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_readings" RENAME TO "readings";
PRAGMA legacy_alter_table = OFF;
CREATE INDEX "readings_by_place" ON "readings" ("place", "amount");
CREATE TABLE "whimbrel_new_readings" (
    "id" INTEGER NOT NULL,
    "place" TEXT,
    "amount" INTEGER DEFAULT 2,
    "said" INTEGER DEFAULT 7,
    "seen" DATETIME,
    "note" TEXT,
    PRIMARY KEY ("id")
);
INSERT INTO "whimbrel_new_readings" ("id", "place", "amount", "said", "seen", "note") SELECT "id", "place", "amount", "said", "seen", "note" FROM "readings";
DROP TABLE "readings";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_readings" RENAME TO "readings";
PRAGMA legacy_alter_table = OFF;
CREATE INDEX "readings_by_place" ON "readings" ("place", "amount");
CREATE TABLE "whimbrel_new_readings" (
    "id" INTEGER NOT NULL,
    "place" TEXT,
    "amount" INTEGER DEFAULT 2,
    "said" INTEGER DEFAULT 7,
    "seen" DATETIME,
    "note" TEXT NOT NULL,
    PRIMARY KEY ("id")
);
INSERT INTO "whimbrel_new_readings" ("id", "place", "amount", "said", "seen", "note") SELECT "id", "place", "amount", "said", "seen", "note" FROM "readings";
DROP TABLE "readings";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_readings" RENAME TO "readings";
PRAGMA legacy_alter_table = OFF;
CREATE INDEX "readings_by_place" ON "readings" ("place", "amount");
