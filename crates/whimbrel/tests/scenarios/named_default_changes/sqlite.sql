CREATE TABLE "whimbrel_new_users" (
    "id" INTEGER NOT NULL,
    "email" TEXT NOT NULL,
    "age" INTEGER,
    "tier" TEXT NOT NULL DEFAULT 'plus',
    PRIMARY KEY ("id")
);
INSERT INTO "whimbrel_new_users" ("id", "email", "age", "tier") SELECT "id", "email", "age", "tier" FROM "users";
DROP TABLE "users";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_users" RENAME TO "users";
PRAGMA legacy_alter_table = OFF;
