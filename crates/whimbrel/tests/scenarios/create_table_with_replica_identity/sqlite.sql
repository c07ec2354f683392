CREATE TABLE "papers" (
    "id" INTEGER NOT NULL,
    "body" TEXT,
    PRIMARY KEY ("id")
);
