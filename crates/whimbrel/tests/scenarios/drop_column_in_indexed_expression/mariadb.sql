-- index `users_age_ix` over an expression is not possible: it indexes columns only (MariaDB, "CREATE INDEX"); index a computed column with the expression
ALTER TABLE `users` DROP COLUMN `age`;
