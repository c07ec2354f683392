DROP TRIGGER "notes_updated_at_auto_update";
ALTER TABLE "notes" RENAME COLUMN "updated_at" TO "changed_at";
CREATE TRIGGER "notes_changed_at_auto_update" AFTER UPDATE ON "notes" FOR EACH ROW WHEN NEW."changed_at" IS OLD."changed_at" AND OLD."changed_at" IS NOT CURRENT_TIMESTAMP BEGIN UPDATE "notes" SET "changed_at" = CURRENT_TIMESTAMP WHERE _rowid_ = NEW._rowid_; END;
