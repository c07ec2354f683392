CREATE OR REPLACE VIEW `open_orders` AS
SELECT total, id AS number FROM orders WHERE status = 'open';
