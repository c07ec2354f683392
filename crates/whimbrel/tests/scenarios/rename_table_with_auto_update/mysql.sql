RENAME TABLE `notes` TO `entries`;
