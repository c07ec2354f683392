CREATE TABLE "events" (
    "id" INTEGER NOT NULL,
    "kind" VARCHAR(40),
    "at" TIMESTAMP,
    "score" INTEGER,
    PRIMARY KEY ("id")
);
CREATE INDEX "events_at_ix" ON "events" ("kind", "at" DESC);
CREATE UNIQUE INDEX "events_kind_key" ON "events" ("kind");
