COMMENT ON TABLE "events" IS 'said behind';
ALTER TABLE "events" SET (autovacuum_enabled = true, fillfactor = 80, vacuum_truncate = false), RESET (parallel_workers);
