DROP TRIGGER "notes_updated_at_auto_update";
ALTER TABLE "notes" RENAME TO "entries";
CREATE TRIGGER "entries_updated_at_auto_update" AFTER UPDATE ON "entries" FOR EACH ROW WHEN NEW."updated_at" IS OLD."updated_at" AND OLD."updated_at" IS NOT CURRENT_TIMESTAMP BEGIN UPDATE "entries" SET "updated_at" = CURRENT_TIMESTAMP WHERE _rowid_ = NEW._rowid_; END;
