CREATE TABLE "whimbrel_new_c" (
    "id" INTEGER NOT NULL,
    "to_id" INTEGER,
    PRIMARY KEY ("id")
);
INSERT INTO "whimbrel_new_c" ("id", "to_id") SELECT "id", "to_id" FROM "c";
DROP TABLE "c";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_c" RENAME TO "c";
PRAGMA legacy_alter_table = OFF;
CREATE TABLE "whimbrel_new_c" (
    "id" INTEGER NOT NULL,
    "to_id" INTEGER,
    PRIMARY KEY ("id"),
    CONSTRAINT "fk_c_to_id" FOREIGN KEY ("to_id") REFERENCES "b" ("id") ON DELETE RESTRICT
);
INSERT INTO "whimbrel_new_c" ("id", "to_id") SELECT "id", "to_id" FROM "c";
DROP TABLE "c";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_c" RENAME TO "c";
PRAGMA legacy_alter_table = OFF;
