CREATE TABLE "whimbrel_new_users" (
    "id" INTEGER NOT NULL,
    "tenant" INTEGER NOT NULL,
    "email" TEXT,
    "code" TEXT,
    PRIMARY KEY ("id"),
    CONSTRAINT "one_email" UNIQUE ("email"),
    CONSTRAINT "uq_users_tenant_email" UNIQUE ("tenant", "email")
);
INSERT INTO "whimbrel_new_users" ("id", "tenant", "email", "code") SELECT "id", "tenant", "email", "code" FROM "users";
DROP TABLE "users";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_users" RENAME TO "users";
PRAGMA legacy_alter_table = OFF;
CREATE TABLE "whimbrel_new_users" (
    "id" INTEGER NOT NULL,
    "tenant" INTEGER NOT NULL,
    "email" TEXT,
    "code" TEXT,
    PRIMARY KEY ("id"),
    CONSTRAINT "one_email" UNIQUE ("email")
);
INSERT INTO "whimbrel_new_users" ("id", "tenant", "email", "code") SELECT "id", "tenant", "email", "code" FROM "users";
DROP TABLE "users";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_users" RENAME TO "users";
PRAGMA legacy_alter_table = OFF;
ALTER TABLE "users" DROP COLUMN "code";
