ALTER TABLE "events" RESET (fillfactor, toast_tuple_target);
ALTER TABLE "events" SET LOGGED;
