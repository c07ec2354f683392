DROP TABLE `posts_tags`;
