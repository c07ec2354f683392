CREATE TABLE "whimbrel_new_people" (
    "id" INTEGER NOT NULL,
    "boss_id" INTEGER,
    PRIMARY KEY ("id"),
    CONSTRAINT "fk_people_boss_id" FOREIGN KEY ("boss_id") REFERENCES "people" ("id") ON DELETE SET NULL
);
INSERT INTO "whimbrel_new_people" ("id", "boss_id") SELECT "id", "boss_id" FROM "people";
DROP TABLE "people";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_people" RENAME TO "people";
PRAGMA legacy_alter_table = OFF;
