CREATE TABLE "files" (
    "id" INTEGER NOT NULL,
    "name" VARCHAR(80),
    PRIMARY KEY ("id")
);
CREATE TABLE "mails" (
    "id" UUID NOT NULL,
    "address" VARCHAR(320) NOT NULL,
    "subject" VARCHAR(80),
    "body" TEXT,
    "raw" VARCHAR(20),
    PRIMARY KEY ("id")
);
