CREATE TABLE "whimbrel_new_prices" (
    "id" INTEGER NOT NULL,
    "code_id" TEXT,
    PRIMARY KEY ("id")
);
INSERT INTO "whimbrel_new_prices" ("id", "code_id") SELECT "id", "code_id" FROM "prices";
DROP TABLE "prices";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_prices" RENAME TO "prices";
PRAGMA legacy_alter_table = OFF;
CREATE TABLE "whimbrel_new_codes" (
    "code" TEXT COLLATE "nocase" NOT NULL,
    PRIMARY KEY ("code")
);
INSERT INTO "whimbrel_new_codes" ("code") SELECT "code" FROM "codes";
DROP TABLE "codes";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_codes" RENAME TO "codes";
PRAGMA legacy_alter_table = OFF;
CREATE TABLE "whimbrel_new_prices" (
    "id" INTEGER NOT NULL,
    "code_id" TEXT COLLATE "nocase",
    PRIMARY KEY ("id")
);
INSERT INTO "whimbrel_new_prices" ("id", "code_id") SELECT "id", "code_id" FROM "prices";
DROP TABLE "prices";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_prices" RENAME TO "prices";
PRAGMA legacy_alter_table = OFF;
CREATE TABLE "whimbrel_new_prices" (
    "id" INTEGER NOT NULL,
    "code_id" TEXT COLLATE "nocase",
    PRIMARY KEY ("id"),
    CONSTRAINT "fk_prices_code_id" FOREIGN KEY ("code_id") REFERENCES "codes" ("code") ON DELETE RESTRICT
);
INSERT INTO "whimbrel_new_prices" ("id", "code_id") SELECT "id", "code_id" FROM "prices";
DROP TABLE "prices";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_prices" RENAME TO "prices";
PRAGMA legacy_alter_table = OFF;
