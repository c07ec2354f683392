DROP TABLE `old`;
