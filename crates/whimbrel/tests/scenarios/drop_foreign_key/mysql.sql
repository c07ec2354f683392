ALTER TABLE `posts` DROP FOREIGN KEY `fk_posts_user_id`, DROP INDEX `fk_posts_user_id`;
