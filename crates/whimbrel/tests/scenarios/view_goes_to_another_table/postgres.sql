DROP VIEW "people";
CREATE TABLE "members" (
    "id" BIGINT NOT NULL,
    "nick" VARCHAR(20),
    "since" DATE,
    "weight" INTEGER,
    PRIMARY KEY ("id")
);
DROP TABLE "clients";
CREATE VIEW "people" AS
SELECT id FROM members WHERE nick IS NOT NULL;
