CREATE TABLE "whimbrel_new_notes" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "body" TEXT,
    "updated_at" DATETIME,
    "seen" DATETIME
);
INSERT INTO "whimbrel_new_notes" ("id", "body", "updated_at", "seen") SELECT "id", "body", "updated_at", "seen" FROM "notes";
DELETE FROM sqlite_sequence WHERE name = 'whimbrel_new_notes';
INSERT INTO sqlite_sequence (name, seq) SELECT 'whimbrel_new_notes', seq FROM sqlite_sequence WHERE name = 'notes';
DROP TABLE "notes";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_notes" RENAME TO "notes";
PRAGMA legacy_alter_table = OFF;
CREATE TRIGGER "notes_updated_at_auto_update" AFTER UPDATE ON "notes" FOR EACH ROW WHEN NEW."updated_at" IS OLD."updated_at" AND OLD."updated_at" IS NOT CURRENT_TIMESTAMP BEGIN UPDATE "notes" SET "updated_at" = CURRENT_TIMESTAMP WHERE _rowid_ = NEW._rowid_; END;
CREATE TRIGGER "notes_seen_auto_update" AFTER UPDATE ON "notes" FOR EACH ROW WHEN NEW."seen" IS OLD."seen" AND OLD."seen" IS NOT CURRENT_TIMESTAMP BEGIN UPDATE "notes" SET "seen" = CURRENT_TIMESTAMP WHERE _rowid_ = NEW._rowid_; END;
CREATE TABLE "whimbrel_new_notes" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "body" TEXT,
    "updated_at" DATETIME,
    "seen" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP
);
INSERT INTO "whimbrel_new_notes" ("id", "body", "updated_at", "seen") SELECT "id", "body", "updated_at", "seen" FROM "notes";
DELETE FROM sqlite_sequence WHERE name = 'whimbrel_new_notes';
INSERT INTO sqlite_sequence (name, seq) SELECT 'whimbrel_new_notes', seq FROM sqlite_sequence WHERE name = 'notes';
DROP TABLE "notes";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_notes" RENAME TO "notes";
PRAGMA legacy_alter_table = OFF;
CREATE TRIGGER "notes_updated_at_auto_update" AFTER UPDATE ON "notes" FOR EACH ROW WHEN NEW."updated_at" IS OLD."updated_at" AND OLD."updated_at" IS NOT CURRENT_TIMESTAMP BEGIN UPDATE "notes" SET "updated_at" = CURRENT_TIMESTAMP WHERE _rowid_ = NEW._rowid_; END;
CREATE TRIGGER "notes_seen_auto_update" AFTER UPDATE ON "notes" FOR EACH ROW WHEN NEW."seen" IS OLD."seen" AND OLD."seen" IS NOT CURRENT_TIMESTAMP BEGIN UPDATE "notes" SET "seen" = CURRENT_TIMESTAMP WHERE _rowid_ = NEW._rowid_; END;
