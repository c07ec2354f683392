ALTER TABLE "users" RENAME COLUMN "email" TO "mail";
CREATE TABLE "whimbrel_new_users" (
    "id" INTEGER NOT NULL,
    "mail" TEXT,
    "age" INTEGER,
    PRIMARY KEY ("id")
);
INSERT INTO "whimbrel_new_users" ("id", "mail", "age") SELECT "id", "mail", "age" FROM "users";
DROP TABLE "users";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_users" RENAME TO "users";
PRAGMA legacy_alter_table = OFF;
