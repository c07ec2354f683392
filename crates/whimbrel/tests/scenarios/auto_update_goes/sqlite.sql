DROP TRIGGER "notes_updated_at_auto_update";
