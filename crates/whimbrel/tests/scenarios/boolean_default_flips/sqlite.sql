CREATE TABLE "whimbrel_new_users" (
    "id" INTEGER NOT NULL,
    "active" INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY ("id")
);
INSERT INTO "whimbrel_new_users" ("id", "active") SELECT "id", "active" FROM "users";
DROP TABLE "users";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_users" RENAME TO "users";
PRAGMA legacy_alter_table = OFF;
