ALTER TABLE "employees" DROP CONSTRAINT "fk_employees_department_id";
DROP TABLE "departments";
DROP TABLE "employees";
