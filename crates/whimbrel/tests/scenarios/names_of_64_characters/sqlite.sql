CREATE TABLE "tttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt" (
    "id" INTEGER NOT NULL,
    PRIMARY KEY ("id")
);
