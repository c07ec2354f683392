CREATE INDEX "documents_body_ix" ON "documents" USING "gin" ("body");
