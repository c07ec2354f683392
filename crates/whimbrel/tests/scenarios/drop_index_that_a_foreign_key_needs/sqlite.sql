DROP INDEX "posts_editor_ix";
DROP INDEX "posts_user_age_ix";
