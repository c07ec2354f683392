CREATE TABLE "whimbrel_new_visits" (
    "day" DATE NOT NULL,
    "place" INTEGER NOT NULL,
    "guests" INTEGER,
    PRIMARY KEY ("place", "day"),
    CONSTRAINT "ck_guests" CHECK (guests > 0)
);
INSERT INTO "whimbrel_new_visits" ("day", "place", "guests") SELECT "day", "place", "guests" FROM "visits";
DROP TABLE "visits";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_visits" RENAME TO "visits";
PRAGMA legacy_alter_table = OFF;
CREATE INDEX "visits_guests" ON "visits" ("guests");
