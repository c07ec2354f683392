CREATE TABLE "whimbrel_new_users" (
    "id" INTEGER NOT NULL,
    "tenant" INTEGER,
    "email" TEXT,
    PRIMARY KEY ("id"),
    CONSTRAINT "one_email" UNIQUE ("email")
);
INSERT INTO "whimbrel_new_users" ("id", "tenant", "email") SELECT "id", "tenant", "email" FROM "users";
DROP TABLE "users";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_users" RENAME TO "users";
PRAGMA legacy_alter_table = OFF;
CREATE TABLE "whimbrel_new_users" (
    "id" INTEGER NOT NULL,
    "tenant" INTEGER,
    "email" TEXT,
    PRIMARY KEY ("id")
);
INSERT INTO "whimbrel_new_users" ("id", "tenant", "email") SELECT "id", "tenant", "email" FROM "users";
DROP TABLE "users";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_users" RENAME TO "users";
PRAGMA legacy_alter_table = OFF;
CREATE TABLE "whimbrel_new_users" (
    "id" INTEGER NOT NULL,
    "tenant" INTEGER,
    "email" TEXT,
    PRIMARY KEY ("id"),
    CONSTRAINT "by_tenant" UNIQUE ("id", "tenant")
);
INSERT INTO "whimbrel_new_users" ("id", "tenant", "email") SELECT "id", "tenant", "email" FROM "users";
DROP TABLE "users";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_users" RENAME TO "users";
PRAGMA legacy_alter_table = OFF;
CREATE TABLE "whimbrel_new_users" (
    "id" INTEGER NOT NULL,
    "tenant" INTEGER,
    "email" TEXT,
    PRIMARY KEY ("id"),
    CONSTRAINT "by_tenant" UNIQUE ("id", "tenant"),
    CONSTRAINT "one_email" UNIQUE ("tenant", "email")
);
INSERT INTO "whimbrel_new_users" ("id", "tenant", "email") SELECT "id", "tenant", "email" FROM "users";
DROP TABLE "users";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_users" RENAME TO "users";
PRAGMA legacy_alter_table = OFF;
