ALTER TABLE "people" ADD CONSTRAINT "fk_people_boss_id" FOREIGN KEY ("boss_id") REFERENCES "people" ("id") ON DELETE SET NULL;
