ALTER TABLE "we""ird" ADD COLUMN "a""b" INTEGER;
ALTER TABLE "we""ird" ADD COLUMN "it's" VARCHAR(20) DEFAULT 'it''s';
ALTER TABLE "we""ird" ADD COLUMN "back`tick" INTEGER;
ALTER TABLE "we""ird" ADD COLUMN "[x]" INTEGER;
CREATE INDEX "i""x`y" ON "we""ird" ("a""b", "back`tick");
