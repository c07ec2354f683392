ALTER TABLE "pets" DROP CONSTRAINT "fk_pets_owner";
COMMENT ON TABLE "people" IS 'All of them';
ALTER TABLE "pets" ADD CONSTRAINT "fk_pets_owner" FOREIGN KEY ("owner") REFERENCES "people" ("id") ON DELETE RESTRICT;
