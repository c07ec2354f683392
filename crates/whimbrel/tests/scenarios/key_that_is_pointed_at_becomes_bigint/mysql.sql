ALTER TABLE `posts` DROP FOREIGN KEY `fk_posts_user_id`, DROP INDEX `fk_posts_user_id`;
ALTER TABLE `posts` MODIFY COLUMN `user_id` BIGINT;
ALTER TABLE `users` MODIFY COLUMN `id` BIGINT NOT NULL;
ALTER TABLE `posts` ADD CONSTRAINT `fk_posts_user_id` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE CASCADE;
