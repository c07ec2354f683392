CREATE TABLE "whimbrel_new_pets" (
    "id" INTEGER NOT NULL,
    "owner" TEXT,
    PRIMARY KEY ("id")
);
INSERT INTO "whimbrel_new_pets" ("id", "owner") SELECT "id", "owner" FROM "pets";
DROP TABLE "pets";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_pets" RENAME TO "pets";
PRAGMA legacy_alter_table = OFF;
CREATE TABLE "whimbrel_new_pets" (
    "id" INTEGER NOT NULL,
    "owner" TEXT,
    PRIMARY KEY ("id"),
    CONSTRAINT "fk_pets_owner" FOREIGN KEY ("owner") REFERENCES "people" ("id") ON DELETE RESTRICT
);
INSERT INTO "whimbrel_new_pets" ("id", "owner") SELECT "id", "owner" FROM "pets";
DROP TABLE "pets";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_pets" RENAME TO "pets";
PRAGMA legacy_alter_table = OFF;
