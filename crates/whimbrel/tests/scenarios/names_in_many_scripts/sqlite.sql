ALTER TABLE "заказы" ADD COLUMN "größe" INTEGER NOT NULL DEFAULT 1;
ALTER TABLE "заказы" ADD COLUMN "名前" TEXT DEFAULT 'ん';
CREATE INDEX "заказы_größe_ix" ON "заказы" ("größe");
