CREATE TABLE "whimbrel_new_users" (
    "id" INTEGER NOT NULL,
    "tenant" TEXT,
    "nick" TEXT,
    PRIMARY KEY ("id"),
    CONSTRAINT "uq_users_tenant_nick" UNIQUE ("tenant", "nick")
);
INSERT INTO "whimbrel_new_users" ("id", "tenant", "nick") SELECT "id", "tenant", "nick" FROM "users";
DROP TABLE "users";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_users" RENAME TO "users";
PRAGMA legacy_alter_table = OFF;
CREATE TABLE "whimbrel_new_users" (
    "id" INTEGER NOT NULL,
    "tenant" TEXT,
    "nick" TEXT,
    PRIMARY KEY ("id")
);
INSERT INTO "whimbrel_new_users" ("id", "tenant", "nick") SELECT "id", "tenant", "nick" FROM "users";
DROP TABLE "users";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_users" RENAME TO "users";
PRAGMA legacy_alter_table = OFF;
CREATE UNIQUE INDEX "tenants_slug" ON "tenants" ("slug");
CREATE TABLE "whimbrel_new_tenants" (
    "id" INTEGER NOT NULL,
    "slug" TEXT NOT NULL,
    PRIMARY KEY ("id")
);
INSERT INTO "whimbrel_new_tenants" ("id", "slug") SELECT "id", "slug" FROM "tenants";
DROP TABLE "tenants";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_tenants" RENAME TO "tenants";
PRAGMA legacy_alter_table = OFF;
CREATE UNIQUE INDEX "tenants_slug" ON "tenants" ("slug");
CREATE TABLE "whimbrel_new_users" (
    "id" INTEGER NOT NULL,
    "tenant" TEXT,
    "nick" TEXT,
    PRIMARY KEY ("id"),
    CONSTRAINT "by_nick" UNIQUE ("nick", "tenant")
);
INSERT INTO "whimbrel_new_users" ("id", "tenant", "nick") SELECT "id", "tenant", "nick" FROM "users";
DROP TABLE "users";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_users" RENAME TO "users";
PRAGMA legacy_alter_table = OFF;
CREATE TABLE "whimbrel_new_users" (
    "id" INTEGER NOT NULL,
    "tenant" TEXT,
    "nick" TEXT,
    PRIMARY KEY ("id"),
    CONSTRAINT "by_nick" UNIQUE ("nick", "tenant"),
    CONSTRAINT "fk_users_tenant" FOREIGN KEY ("tenant") REFERENCES "tenants" ("slug") ON DELETE RESTRICT
);
INSERT INTO "whimbrel_new_users" ("id", "tenant", "nick") SELECT "id", "tenant", "nick" FROM "users";
DROP TABLE "users";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_users" RENAME TO "users";
PRAGMA legacy_alter_table = OFF;
