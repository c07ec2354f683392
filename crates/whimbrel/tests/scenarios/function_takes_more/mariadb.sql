DROP VIEW `amounts`;
CREATE OR REPLACE FUNCTION `doubled`(amount INT, more INT) RETURNS BIGINT DETERMINISTIC NO SQL RETURN amount * 2 + more;
CREATE VIEW `amounts` AS
SELECT id, doubled(total, 0) AS twice FROM orders;
