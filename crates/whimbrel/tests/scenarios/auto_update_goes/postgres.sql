DROP TRIGGER "notes_updated_at_auto_update" ON "notes";
DROP FUNCTION "notes_updated_at_auto_update"();
