CREATE UNLOGGED TABLE "events" (
    "id" INTEGER NOT NULL,
    "kind" VARCHAR(20) NOT NULL DEFAULT 'NEW',
    "weight" DOUBLE PRECISION,
    "body" BYTEA,
    PRIMARY KEY ("id")
) WITH (autovacuum_enabled = false, autovacuum_vacuum_scale_factor = 0.02, fillfactor = 70);
COMMENT ON TABLE "events" IS 'Whatever happened';
