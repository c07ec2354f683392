CREATE TABLE "papers" (
    "id" INTEGER NOT NULL,
    "title" VARCHAR(200),
    "body" TEXT,
    "note" TEXT,
    PRIMARY KEY ("id")
);
CREATE INDEX "papers_title" ON "papers" ("title");
COMMENT ON TABLE "papers" IS 'What was written';
COMMENT ON COLUMN "papers"."title" IS 'In full';
ALTER TABLE "papers" ALTER COLUMN "id" SET STATISTICS 0, ALTER COLUMN "title" SET (n_distinct = -0.5), ALTER COLUMN "title" SET STORAGE MAIN, ALTER COLUMN "body" SET STATISTICS 500, ALTER COLUMN "body" SET STORAGE EXTERNAL;
