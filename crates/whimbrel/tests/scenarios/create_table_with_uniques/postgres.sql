CREATE TABLE "tenants" (
    "id" INTEGER NOT NULL,
    "slug" VARCHAR(60) NOT NULL,
    PRIMARY KEY ("id"),
    CONSTRAINT "tenant by slug" UNIQUE ("slug")
);
CREATE TABLE "users" (
    "id" BIGSERIAL NOT NULL,
    "tenant" VARCHAR(60),
    "email" VARCHAR(200),
    "nick" VARCHAR(30),
    PRIMARY KEY ("id"),
    CONSTRAINT "uq_users_tenant_email" UNIQUE ("tenant", "email"),
    CONSTRAINT "fk_users_tenant" FOREIGN KEY ("tenant") REFERENCES "tenants" ("slug") ON DELETE CASCADE
);
CREATE UNIQUE INDEX "uq_users_nick" ON "users" ("nick");
