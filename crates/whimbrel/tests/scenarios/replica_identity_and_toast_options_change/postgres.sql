ALTER TABLE "notes" RESET (toast.log_autovacuum_min_duration);
ALTER TABLE "notes" REPLICA IDENTITY DEFAULT;
ALTER TABLE "papers" SET (fillfactor = 80, toast.autovacuum_enabled = true, toast.autovacuum_vacuum_scale_factor = 0.05), RESET (toast.vacuum_truncate);
ALTER TABLE "papers" REPLICA IDENTITY FULL;
