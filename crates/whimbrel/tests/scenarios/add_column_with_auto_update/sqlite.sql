CREATE TABLE "whimbrel_new_notes" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "body" TEXT,
    "updated_at" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP
);
INSERT INTO "whimbrel_new_notes" ("id", "body") SELECT "id", "body" FROM "notes";
DELETE FROM sqlite_sequence WHERE name = 'whimbrel_new_notes';
INSERT INTO sqlite_sequence (name, seq) SELECT 'whimbrel_new_notes', seq FROM sqlite_sequence WHERE name = 'notes';
DROP TABLE "notes";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_notes" RENAME TO "notes";
PRAGMA legacy_alter_table = OFF;
CREATE TRIGGER "notes_updated_at_auto_update" AFTER UPDATE ON "notes" FOR EACH ROW WHEN NEW."updated_at" IS OLD."updated_at" AND OLD."updated_at" IS NOT CURRENT_TIMESTAMP BEGIN UPDATE "notes" SET "updated_at" = CURRENT_TIMESTAMP WHERE _rowid_ = NEW._rowid_; END;
ALTER TABLE "notes" ADD COLUMN "touched" DATETIME;
CREATE TRIGGER "notes_touched_auto_update" AFTER UPDATE ON "notes" FOR EACH ROW WHEN NEW."touched" IS OLD."touched" AND OLD."touched" IS NOT CURRENT_TIMESTAMP BEGIN UPDATE "notes" SET "touched" = CURRENT_TIMESTAMP WHERE _rowid_ = NEW._rowid_; END;
