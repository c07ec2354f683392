CREATE TABLE "whimbrel_new_notes" (
    "id" INTEGER NOT NULL,
    "status" TEXT CONSTRAINT "enum order_status" CHECK ("status" IN ('new', 'paid', 'shipped')),
    PRIMARY KEY ("id"),
    CONSTRAINT "fk_notes_status" FOREIGN KEY ("status") REFERENCES "states" ("status") ON DELETE RESTRICT
);
INSERT INTO "whimbrel_new_notes" ("id", "status") SELECT "id", CASE "status" WHEN 'payed' THEN 'paid' ELSE "status" END FROM "notes";
DROP TABLE "notes";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_notes" RENAME TO "notes";
PRAGMA legacy_alter_table = OFF;
CREATE TABLE "whimbrel_new_orders" (
    "id" INTEGER NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'paid' CONSTRAINT "enum order_status" CHECK ("status" IN ('new', 'paid', 'shipped')),
    "was" TEXT CONSTRAINT "enum order_status" CHECK ("was" IN ('new', 'paid', 'shipped')),
    "note" TEXT DEFAULT 'payed',
    "seen_at" DATETIME,
    "history" TEXT,
    PRIMARY KEY ("id"),
    CONSTRAINT "ck_settled" CHECK (status <> 'paid' OR note <> 'payed' OR id > 0)
);
INSERT INTO "whimbrel_new_orders" ("id", "status", "was", "note", "seen_at", "history") SELECT "id", CASE "status" WHEN 'payed' THEN 'paid' ELSE "status" END, CASE "was" WHEN 'payed' THEN 'paid' ELSE "was" END, "note", "seen_at", REPLACE("history", '"payed"', '"paid"') FROM "orders";
DROP TABLE "orders";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_orders" RENAME TO "orders";
PRAGMA legacy_alter_table = OFF;
CREATE INDEX "orders_by_status" ON "orders" ("status", "was");
CREATE TRIGGER "orders_seen_at_auto_update" AFTER UPDATE ON "orders" FOR EACH ROW WHEN NEW."seen_at" IS OLD."seen_at" AND OLD."seen_at" IS NOT CURRENT_TIMESTAMP BEGIN UPDATE "orders" SET "seen_at" = CURRENT_TIMESTAMP WHERE _rowid_ = NEW._rowid_; END;
CREATE TABLE "whimbrel_new_states" (
    "status" TEXT NOT NULL CONSTRAINT "enum order_status" CHECK ("status" IN ('new', 'paid', 'shipped')),
    PRIMARY KEY ("status")
);
INSERT INTO "whimbrel_new_states" ("status") SELECT CASE "status" WHEN 'payed' THEN 'paid' ELSE "status" END FROM "states";
DROP TABLE "states";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_states" RENAME TO "states";
PRAGMA legacy_alter_table = OFF;
