ALTER TABLE "notes" ADD PRIMARY KEY ("code");
