ALTER TABLE "events" RENAME TO "happenings";
ALTER TABLE "happenings" ADD COLUMN "more" INTEGER;
ALTER TABLE "happenings" SET (parallel_workers = 1);
