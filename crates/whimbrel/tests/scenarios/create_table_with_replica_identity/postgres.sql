CREATE TABLE "papers" (
    "id" INTEGER NOT NULL,
    "body" TEXT,
    PRIMARY KEY ("id")
) USING "heap" WITH (fillfactor = 90, toast.autovacuum_enabled = false, toast_tuple_target = 200);
ALTER TABLE "papers" REPLICA IDENTITY FULL;
