CREATE FUNCTION `doubled`(amount INT) RETURNS INT DETERMINISTIC NO SQL RETURN amount * 2;
CREATE VIEW `amounts` AS
SELECT id, doubled(total) AS twice FROM orders;
