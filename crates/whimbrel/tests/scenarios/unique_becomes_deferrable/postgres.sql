ALTER TABLE "steps" DROP CONSTRAINT "uq_steps_list_place";
ALTER TABLE "steps" ADD CONSTRAINT "uq_steps_list_place" UNIQUE ("list", "place") DEFERRABLE;
