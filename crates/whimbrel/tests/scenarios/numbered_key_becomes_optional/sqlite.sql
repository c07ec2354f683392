CREATE TABLE "whimbrel_new_badges" (
    "id" INTEGER PRIMARY KEY NOT NULL,
    "code" INTEGER NOT NULL
);
INSERT INTO "whimbrel_new_badges" ("id", "code") SELECT "id", "code" FROM "badges";
DROP TABLE "badges";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_badges" RENAME TO "badges";
PRAGMA legacy_alter_table = OFF;
CREATE TABLE "whimbrel_new_badges" (
    "id" INTEGER NOT NULL,
    "code" INTEGER NOT NULL,
    PRIMARY KEY ("code")
);
INSERT INTO "whimbrel_new_badges" ("id", "code") SELECT "id", "code" FROM "badges";
DROP TABLE "badges";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_badges" RENAME TO "badges";
PRAGMA legacy_alter_table = OFF;
CREATE TABLE "whimbrel_new_badges" (
    "id" INTEGER,
    "code" INTEGER NOT NULL,
    PRIMARY KEY ("code")
);
INSERT INTO "whimbrel_new_badges" ("id", "code") SELECT "id", "code" FROM "badges";
DROP TABLE "badges";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_badges" RENAME TO "badges";
PRAGMA legacy_alter_table = OFF;
