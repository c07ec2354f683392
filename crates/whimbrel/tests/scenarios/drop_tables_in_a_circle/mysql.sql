ALTER TABLE `employees` DROP FOREIGN KEY `fk_employees_department_id`, DROP INDEX `fk_employees_department_id`;
DROP TABLE `departments`;
DROP TABLE `employees`;
