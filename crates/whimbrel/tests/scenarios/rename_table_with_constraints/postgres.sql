ALTER TABLE "houses" RENAME TO "buildings";
ALTER TABLE "buildings" RENAME COLUMN "floors" TO "storeys";
ALTER TABLE "buildings" RENAME CONSTRAINT "ck_houses_floors" TO "ck_buildings_storeys";
ALTER TABLE "buildings" RENAME CONSTRAINT "fk_houses_beside" TO "fk_buildings_beside";
ALTER TABLE "buildings" RENAME CONSTRAINT "fk_houses_town" TO "fk_buildings_town";
