CREATE TABLE "tooooooooooooooooooooooooooooooooooooooooooooooooooooooooooable" (
    "id" INTEGER NOT NULL,
    "ccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc" INTEGER,
    PRIMARY KEY ("id")
);
CREATE INDEX "iiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiii" ON "tooooooooooooooooooooooooooooooooooooooooooooooooooooooooooable" ("ccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc");
CREATE TABLE "short" (
    "id" INTEGER NOT NULL,
    "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff" INTEGER,
    PRIMARY KEY ("id"),
    CONSTRAINT "fk_short_fffffffffffffffffffffffffffffffffffffffffffff_6f1a8932" FOREIGN KEY ("fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff") REFERENCES "tooooooooooooooooooooooooooooooooooooooooooooooooooooooooooable" ("id") ON DELETE CASCADE
);
