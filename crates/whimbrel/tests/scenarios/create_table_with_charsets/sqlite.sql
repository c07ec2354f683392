CREATE TABLE "files" (
    "id" INTEGER NOT NULL,
    "name" TEXT,
    PRIMARY KEY ("id")
);
CREATE TABLE "mails" (
    "id" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "subject" TEXT,
    "body" TEXT,
    "raw" TEXT,
    PRIMARY KEY ("id")
);
