CREATE INDEX "codes_other_ix" ON "codes" ("code" COLLATE "rtrim", "id");
CREATE INDEX "codes_same_ix" ON "codes" ("code" COLLATE "NOCASE");
CREATE INDEX "codes_usual_ix" ON "codes" ("code" COLLATE "binary");
