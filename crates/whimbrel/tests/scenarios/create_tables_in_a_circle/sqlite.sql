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
CREATE TABLE "whimbrel_new_employees" (
    "id" INTEGER NOT NULL,
    "department_id" INTEGER NOT NULL,
    PRIMARY KEY ("id"),
    CONSTRAINT "fk_employees_department_id" FOREIGN KEY ("department_id") REFERENCES "departments" ("id") ON DELETE RESTRICT
);
INSERT INTO "whimbrel_new_employees" ("id", "department_id") SELECT "id", "department_id" FROM "employees";
DROP TABLE "employees";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_employees" RENAME TO "employees";
PRAGMA legacy_alter_table = OFF;
