ALTER TABLE "users" ADD COLUMN "token" UUID DEFAULT gen_random_uuid();
