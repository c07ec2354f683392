SET @whimbrel_sql_mode = @@SESSION.sql_mode, SESSION sql_mode = CONCAT(@@SESSION.sql_mode, ',NO_AUTO_VALUE_ON_ZERO');
ALTER TABLE `notes` MODIFY COLUMN `number` BIGINT NOT NULL AUTO_INCREMENT;
SET SESSION sql_mode = @whimbrel_sql_mode;
SET @whimbrel_sql_mode = @@SESSION.sql_mode, SESSION sql_mode = CONCAT(@@SESSION.sql_mode, ',NO_AUTO_VALUE_ON_ZERO');
ALTER TABLE `orders` MODIFY COLUMN `id` INT NOT NULL AUTO_INCREMENT;
SET SESSION sql_mode = @whimbrel_sql_mode;
