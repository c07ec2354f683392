CREATE TABLE "whimbrel_new_posts" (
    "id" INTEGER NOT NULL,
    "user_id" INTEGER,
    PRIMARY KEY ("id"),
    CONSTRAINT "fk_posts_user_id" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE
);
INSERT INTO "whimbrel_new_posts" ("id", "user_id") SELECT "id", "user_id" FROM "posts";
DROP TABLE "posts";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_posts" RENAME TO "posts";
PRAGMA legacy_alter_table = OFF;
