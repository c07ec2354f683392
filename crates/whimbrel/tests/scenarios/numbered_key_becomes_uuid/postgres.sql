ALTER TABLE "guests" ADD COLUMN "token" UUID NOT NULL DEFAULT gen_random_uuid();
ALTER TABLE "guests" DROP COLUMN "id";
ALTER TABLE "guests" ADD PRIMARY KEY ("token");
