DROP TRIGGER "notes_updated_at_auto_update";
ALTER TABLE "notes" DROP COLUMN "updated_at";
