CREATE TABLE "whimbrel_new_users" (
    "id" INTEGER NOT NULL,
    "email" TEXT NOT NULL,
    "age" INTEGER DEFAULT 18,
    PRIMARY KEY ("id")
);
INSERT INTO "whimbrel_new_users" ("id", "email", "age") SELECT "id", "email", "age" FROM "users";
DROP TABLE "users";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_users" RENAME TO "users";
PRAGMA legacy_alter_table = OFF;
