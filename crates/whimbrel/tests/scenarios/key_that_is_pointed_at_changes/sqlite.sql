CREATE TABLE "whimbrel_new_sales" (
    "id" INTEGER NOT NULL,
    "shop" INTEGER,
    PRIMARY KEY ("id")
);
INSERT INTO "whimbrel_new_sales" ("id", "shop") SELECT "id", "shop" FROM "sales";
DROP TABLE "sales";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_sales" RENAME TO "sales";
PRAGMA legacy_alter_table = OFF;
CREATE TABLE "whimbrel_new_shops" (
    "id" INTEGER NOT NULL,
    "code" TEXT NOT NULL,
    "parent" INTEGER,
    PRIMARY KEY ("id")
);
INSERT INTO "whimbrel_new_shops" ("id", "code", "parent") SELECT "id", "code", "parent" FROM "shops";
DROP TABLE "shops";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_shops" RENAME TO "shops";
PRAGMA legacy_alter_table = OFF;
CREATE UNIQUE INDEX "uq_shops_id" ON "shops" ("id");
CREATE TABLE "whimbrel_new_shops" (
    "id" INTEGER NOT NULL,
    "code" TEXT NOT NULL,
    "parent" INTEGER,
    PRIMARY KEY ("code")
);
INSERT INTO "whimbrel_new_shops" ("id", "code", "parent") SELECT "id", "code", "parent" FROM "shops";
DROP TABLE "shops";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_shops" RENAME TO "shops";
PRAGMA legacy_alter_table = OFF;
CREATE UNIQUE INDEX "uq_shops_id" ON "shops" ("id");
CREATE TABLE "whimbrel_new_sales" (
    "id" INTEGER NOT NULL,
    "shop" INTEGER,
    PRIMARY KEY ("id"),
    CONSTRAINT "fk_sales_shop" FOREIGN KEY ("shop") REFERENCES "shops" ("id") ON DELETE CASCADE
);
INSERT INTO "whimbrel_new_sales" ("id", "shop") SELECT "id", "shop" FROM "sales";
DROP TABLE "sales";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_sales" RENAME TO "sales";
PRAGMA legacy_alter_table = OFF;
CREATE TABLE "whimbrel_new_shops" (
    "id" INTEGER NOT NULL,
    "code" TEXT NOT NULL,
    "parent" INTEGER,
    PRIMARY KEY ("code"),
    CONSTRAINT "fk_shops_parent" FOREIGN KEY ("parent") REFERENCES "shops" ("id") ON DELETE SET NULL
);
INSERT INTO "whimbrel_new_shops" ("id", "code", "parent") SELECT "id", "code", "parent" FROM "shops";
DROP TABLE "shops";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_shops" RENAME TO "shops";
PRAGMA legacy_alter_table = OFF;
CREATE UNIQUE INDEX "uq_shops_id" ON "shops" ("id");
