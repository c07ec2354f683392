CREATE TABLE "whimbrel_new_employees" (
    "id" INTEGER NOT NULL,
    "department_id" INTEGER NOT NULL,
    PRIMARY KEY ("id")
);
INSERT INTO "whimbrel_new_employees" ("id", "department_id") SELECT "id", "department_id" FROM "employees";
DROP TABLE "employees";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_employees" RENAME TO "employees";
PRAGMA legacy_alter_table = OFF;
DROP TABLE "departments";
DROP TABLE "employees";
