CREATE TABLE "whimbrel_new_users" (
    "id" INTEGER NOT NULL,
    "role" TEXT DEFAULT 'member',
    PRIMARY KEY ("id")
);
INSERT INTO "whimbrel_new_users" ("id", "role") SELECT "id", "role" FROM "users";
DROP TABLE "users";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_users" RENAME TO "users";
PRAGMA legacy_alter_table = OFF;
