CREATE INDEX "users_note_ix" ON "users" ((left(email, 3)));
