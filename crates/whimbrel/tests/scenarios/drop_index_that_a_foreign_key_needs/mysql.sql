ALTER TABLE `posts` RENAME INDEX `posts_editor_ix` TO `fk_posts_editor_id`;
ALTER TABLE `posts` DROP INDEX `posts_user_age_ix`, ADD INDEX `fk_posts_user_id` (`user_id`);
