ALTER TABLE "users" RENAME TO "people";
ALTER TABLE "people" RENAME COLUMN "mail" TO "email";
CREATE TABLE "whimbrel_new_people" (
    "id" INTEGER NOT NULL,
    "tenant" INTEGER,
    "email" TEXT,
    "nick" TEXT,
    PRIMARY KEY ("id"),
    CONSTRAINT "uq_users_tenant_mail" UNIQUE ("tenant", "email"),
    CONSTRAINT "one_name" UNIQUE ("nick")
);
INSERT INTO "whimbrel_new_people" ("id", "tenant", "email", "nick") SELECT "id", "tenant", "email", "nick" FROM "people";
DROP TABLE "people";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_people" RENAME TO "people";
PRAGMA legacy_alter_table = OFF;
CREATE TABLE "whimbrel_new_people" (
    "id" INTEGER NOT NULL,
    "tenant" INTEGER,
    "email" TEXT,
    "nick" TEXT,
    PRIMARY KEY ("id"),
    CONSTRAINT "one_name" UNIQUE ("nick"),
    CONSTRAINT "uq_people_tenant_email" UNIQUE ("tenant", "email")
);
INSERT INTO "whimbrel_new_people" ("id", "tenant", "email", "nick") SELECT "id", "tenant", "email", "nick" FROM "people";
DROP TABLE "people";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_people" RENAME TO "people";
PRAGMA legacy_alter_table = OFF;
