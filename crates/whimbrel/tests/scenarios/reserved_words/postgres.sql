CREATE TABLE "user" (
    "id" INTEGER NOT NULL,
    PRIMARY KEY ("id")
);
CREATE TABLE "order" (
    "select" INTEGER NOT NULL,
    "table" VARCHAR(20) DEFAULT 'where',
    "group" INTEGER,
    PRIMARY KEY ("select"),
    CONSTRAINT "fk_order_group" FOREIGN KEY ("group") REFERENCES "user" ("id") ON DELETE CASCADE
);
CREATE INDEX "index" ON "order" ("table");
