CREATE TABLE "whimbrel_new_steps" (
    "id" INTEGER NOT NULL,
    "list" INTEGER,
    "place" INTEGER,
    PRIMARY KEY ("id")
);
INSERT INTO "whimbrel_new_steps" ("id", "list", "place") SELECT "id", "list", "place" FROM "steps";
DROP TABLE "steps";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_steps" RENAME TO "steps";
PRAGMA legacy_alter_table = OFF;
-- unique constraint `uq_steps_list_place` that can be put off (`deferrable`) is not possible: it looks at each row at once, and puts off foreign keys only; leave it out, or write rows in an order in which no two are ever alike
