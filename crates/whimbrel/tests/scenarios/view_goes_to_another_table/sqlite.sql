DROP VIEW "people";
CREATE TABLE "members" (
    "id" INTEGER NOT NULL,
    "nick" TEXT,
    "since" DATE,
    "weight" INTEGER,
    PRIMARY KEY ("id")
);
DROP TABLE "clients";
CREATE VIEW "people" AS
SELECT id FROM members WHERE nick IS NOT NULL;
SELECT * FROM "people" LIMIT 0;
