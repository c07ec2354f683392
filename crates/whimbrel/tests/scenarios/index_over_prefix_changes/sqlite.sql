DROP INDEX "users_note_ix";
-- index `users_email_ix` over a prefix is not possible: it indexes whole values; index an expression such as `substr(name, 1, 20)` instead
-- index `users_note_ix` over a prefix is not possible: it indexes whole values; index an expression such as `substr(name, 1, 20)` instead
