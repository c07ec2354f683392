CREATE TABLE "whimbrel_new_people" (
    "id" INTEGER NOT NULL,
    "age" INTEGER NOT NULL DEFAULT 3,
    "name" TEXT DEFAULT 'x',
    "state" TEXT,
    "total" INTEGER GENERATED ALWAYS AS (age + 1) STORED,
    PRIMARY KEY ("id")
);
INSERT INTO "whimbrel_new_people" ("id", "age", "name", "state") SELECT "id", "age", "name", "state" FROM "people";
DROP TABLE "people";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_people" RENAME TO "people";
PRAGMA legacy_alter_table = OFF;
CREATE TABLE "whimbrel_new_people" (
    "id" INTEGER NOT NULL,
    "age" INTEGER NOT NULL DEFAULT 3,
    "name" TEXT,
    "state" TEXT,
    "total" INTEGER GENERATED ALWAYS AS (age + 1) STORED,
    PRIMARY KEY ("id")
);
INSERT INTO "whimbrel_new_people" ("id", "age", "name", "state") SELECT "id", "age", "name", "state" FROM "people";
DROP TABLE "people";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_people" RENAME TO "people";
PRAGMA legacy_alter_table = OFF;
CREATE TABLE "whimbrel_new_people" (
    "id" INTEGER NOT NULL,
    "age" INTEGER NOT NULL DEFAULT 3,
    "name" TEXT,
    "state" TEXT DEFAULT 'NEW',
    "total" INTEGER GENERATED ALWAYS AS (age + 1) STORED,
    PRIMARY KEY ("id")
);
INSERT INTO "whimbrel_new_people" ("id", "age", "name", "state") SELECT "id", "age", "name", "state" FROM "people";
DROP TABLE "people";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_people" RENAME TO "people";
PRAGMA legacy_alter_table = OFF;
CREATE TABLE "whimbrel_new_people" (
    "id" INTEGER NOT NULL,
    "age" INTEGER NOT NULL DEFAULT 3,
    "name" TEXT,
    "state" TEXT DEFAULT 'NEW',
    "total" INTEGER GENERATED ALWAYS AS (age + 2) STORED,
    PRIMARY KEY ("id")
);
INSERT INTO "whimbrel_new_people" ("id", "age", "name", "state") SELECT "id", "age", "name", "state" FROM "people";
DROP TABLE "people";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_people" RENAME TO "people";
PRAGMA legacy_alter_table = OFF;
