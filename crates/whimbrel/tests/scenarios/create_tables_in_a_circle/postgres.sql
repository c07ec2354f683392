CREATE TABLE "employees" (
    "id" INTEGER NOT NULL,
    "department_id" INTEGER NOT NULL,
    PRIMARY KEY ("id")
);
CREATE TABLE "departments" (
    "id" INTEGER NOT NULL,
    "head_id" INTEGER,
    PRIMARY KEY ("id"),
    CONSTRAINT "fk_departments_head_id" FOREIGN KEY ("head_id") REFERENCES "employees" ("id") ON DELETE SET NULL
);
ALTER TABLE "employees" ADD CONSTRAINT "fk_employees_department_id" FOREIGN KEY ("department_id") REFERENCES "departments" ("id") ON DELETE RESTRICT;
