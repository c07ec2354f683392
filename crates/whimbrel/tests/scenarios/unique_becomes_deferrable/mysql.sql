ALTER TABLE `steps` DROP INDEX `uq_steps_list_place`;
-- unique constraint `uq_steps_list_place` that can be put off (`deferrable`) is not possible: it looks at each row at once; leave it out, or write rows in an order in which no two are ever alike
