CREATE TABLE "papers" (
    "id" INTEGER NOT NULL,
    "title" TEXT,
    "body" TEXT,
    "note" TEXT,
    PRIMARY KEY ("id")
);
CREATE INDEX "papers_title" ON "papers" ("title");
