ALTER TABLE "people" ADD COLUMN "token" UUID DEFAULT gen_random_uuid();
COMMENT ON COLUMN "people"."token" IS 'the same, ''quoted''';
ALTER TABLE "people" ADD COLUMN "age" INTEGER;
COMMENT ON COLUMN "people"."age" IS 'in years';
