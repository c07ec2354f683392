ALTER TABLE "events" SET (fillfactor = 70, toast_tuple_target = 256);
ALTER TABLE "events" SET UNLOGGED;
