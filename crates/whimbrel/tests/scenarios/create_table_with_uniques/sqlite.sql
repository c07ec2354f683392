CREATE TABLE "tenants" (
    "id" INTEGER NOT NULL,
    "slug" TEXT NOT NULL,
    PRIMARY KEY ("id"),
    CONSTRAINT "tenant by slug" UNIQUE ("slug")
);
CREATE TABLE "users" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "tenant" TEXT,
    "email" TEXT,
    "nick" TEXT,
    CONSTRAINT "uq_users_tenant_email" UNIQUE ("tenant", "email"),
    CONSTRAINT "fk_users_tenant" FOREIGN KEY ("tenant") REFERENCES "tenants" ("slug") ON DELETE CASCADE
);
CREATE UNIQUE INDEX "uq_users_nick" ON "users" ("nick");
