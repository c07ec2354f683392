ALTER TABLE "houses" RENAME TO "buildings";
ALTER TABLE "buildings" RENAME COLUMN "floors" TO "storeys";
CREATE TABLE "whimbrel_new_buildings" (
    "id" INTEGER NOT NULL,
    "storeys" INTEGER,
    "town" INTEGER,
    "beside" INTEGER,
    PRIMARY KEY ("id"),
    CONSTRAINT "fk_houses_beside" FOREIGN KEY ("beside") REFERENCES "buildings" ("id") ON DELETE SET NULL,
    CONSTRAINT "fk_houses_town" FOREIGN KEY ("town") REFERENCES "towns" ("id") ON DELETE CASCADE,
    CONSTRAINT "ck_buildings_storeys" CHECK (storeys > 0)
);
INSERT INTO "whimbrel_new_buildings" ("id", "storeys", "town", "beside") SELECT "id", "storeys", "town", "beside" FROM "buildings";
DROP TABLE "buildings";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_buildings" RENAME TO "buildings";
PRAGMA legacy_alter_table = OFF;
CREATE TABLE "whimbrel_new_buildings" (
    "id" INTEGER NOT NULL,
    "storeys" INTEGER,
    "town" INTEGER,
    "beside" INTEGER,
    PRIMARY KEY ("id"),
    CONSTRAINT "fk_houses_town" FOREIGN KEY ("town") REFERENCES "towns" ("id") ON DELETE CASCADE,
    CONSTRAINT "ck_buildings_storeys" CHECK (storeys > 0),
    CONSTRAINT "fk_buildings_beside" FOREIGN KEY ("beside") REFERENCES "buildings" ("id") ON DELETE SET NULL
);
INSERT INTO "whimbrel_new_buildings" ("id", "storeys", "town", "beside") SELECT "id", "storeys", "town", "beside" FROM "buildings";
DROP TABLE "buildings";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_buildings" RENAME TO "buildings";
PRAGMA legacy_alter_table = OFF;
CREATE TABLE "whimbrel_new_buildings" (
    "id" INTEGER NOT NULL,
    "storeys" INTEGER,
    "town" INTEGER,
    "beside" INTEGER,
    PRIMARY KEY ("id"),
    CONSTRAINT "fk_buildings_beside" FOREIGN KEY ("beside") REFERENCES "buildings" ("id") ON DELETE SET NULL,
    CONSTRAINT "ck_buildings_storeys" CHECK (storeys > 0),
    CONSTRAINT "fk_buildings_town" FOREIGN KEY ("town") REFERENCES "towns" ("id") ON DELETE CASCADE
);
INSERT INTO "whimbrel_new_buildings" ("id", "storeys", "town", "beside") SELECT "id", "storeys", "town", "beside" FROM "buildings";
DROP TABLE "buildings";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_buildings" RENAME TO "buildings";
PRAGMA legacy_alter_table = OFF;
