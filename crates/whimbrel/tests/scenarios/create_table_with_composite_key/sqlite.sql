CREATE TABLE "visits" (
    "user_id" INTEGER NOT NULL,
    "day" DATE NOT NULL,
    "pages" INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY ("user_id", "day"),
    CONSTRAINT "fk_visits_user_id" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE
);
