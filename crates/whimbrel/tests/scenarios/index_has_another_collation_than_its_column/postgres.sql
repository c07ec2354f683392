CREATE INDEX "codes_other_ix" ON "codes" ("code" COLLATE "POSIX", "id");
CREATE INDEX "codes_same_ix" ON "codes" ("code" COLLATE "C");
CREATE INDEX "codes_usual_ix" ON "codes" ("code" COLLATE "default");
