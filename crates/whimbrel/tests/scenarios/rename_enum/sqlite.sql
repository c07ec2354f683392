CREATE TABLE "whimbrel_new_notes" (
    "id" INTEGER NOT NULL,
    "status" TEXT CONSTRAINT "enum order_state" CHECK ("status" IN ('new', 'paid')),
    PRIMARY KEY ("id"),
    CONSTRAINT "fk_notes_status" FOREIGN KEY ("status") REFERENCES "states" ("status") ON DELETE RESTRICT
);
INSERT INTO "whimbrel_new_notes" ("id", "status") SELECT "id", "status" FROM "notes";
DROP TABLE "notes";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_notes" RENAME TO "notes";
PRAGMA legacy_alter_table = OFF;
CREATE TABLE "whimbrel_new_orders" (
    "id" INTEGER NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'new' CONSTRAINT "enum order_state" CHECK ("status" IN ('new', 'paid')),
    "was" TEXT DEFAULT 'paid' CONSTRAINT "enum order_state" CHECK ("was" IN ('new', 'paid')),
    "history" TEXT,
    PRIMARY KEY ("id"),
    CONSTRAINT "ck_paid" CHECK (status <> 'paid' OR id > 0)
);
INSERT INTO "whimbrel_new_orders" ("id", "status", "was", "history") SELECT "id", "status", "was", "history" FROM "orders";
DROP TABLE "orders";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_orders" RENAME TO "orders";
PRAGMA legacy_alter_table = OFF;
CREATE TABLE "whimbrel_new_states" (
    "status" TEXT NOT NULL CONSTRAINT "enum order_state" CHECK ("status" IN ('new', 'paid')),
    PRIMARY KEY ("status")
);
INSERT INTO "whimbrel_new_states" ("status") SELECT "status" FROM "states";
DROP TABLE "states";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_states" RENAME TO "states";
PRAGMA legacy_alter_table = OFF;
