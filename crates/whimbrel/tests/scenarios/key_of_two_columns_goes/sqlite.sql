CREATE TABLE "whimbrel_new_shipments" (
    "id" INTEGER NOT NULL,
    "invoice" INTEGER,
    "position" INTEGER,
    PRIMARY KEY ("id")
);
INSERT INTO "whimbrel_new_shipments" ("id", "invoice", "position") SELECT "id", "invoice", "position" FROM "shipments";
DROP TABLE "shipments";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_shipments" RENAME TO "shipments";
PRAGMA legacy_alter_table = OFF;
