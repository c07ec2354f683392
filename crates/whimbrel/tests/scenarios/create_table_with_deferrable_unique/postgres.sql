CREATE TABLE "steps" (
    "id" INTEGER NOT NULL,
    "list" INTEGER,
    "place" INTEGER,
    "title" VARCHAR(80),
    PRIMARY KEY ("id"),
    CONSTRAINT "uq_steps_list_place" UNIQUE ("list", "place") DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT "uq_steps_title" UNIQUE ("title") INCLUDE ("place") DEFERRABLE
);
