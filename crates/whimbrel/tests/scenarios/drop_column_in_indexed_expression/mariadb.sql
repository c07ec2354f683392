-- index `users_age_ix` over an expression is not possible: it indexes columns only (MariaDB, "CREATE INDEX"); add a generated column with the expression by SQL of your own and index that one
ALTER TABLE `users` DROP COLUMN `age`;
