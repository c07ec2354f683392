CREATE TABLE "posts_tags" (
    "posts_id" INTEGER NOT NULL,
    "tags_id" INTEGER NOT NULL,
    PRIMARY KEY ("posts_id", "tags_id"),
    CONSTRAINT "fk_posts_tags_posts_id" FOREIGN KEY ("posts_id") REFERENCES "posts" ("id") ON DELETE CASCADE,
    CONSTRAINT "fk_posts_tags_tags_id" FOREIGN KEY ("tags_id") REFERENCES "tags" ("id") ON DELETE CASCADE
);
CREATE INDEX "idx_posts_tags_tags_id" ON "posts_tags" ("tags_id");
