DROP VIEW `amounts`;
DROP FUNCTION `doubled`;
