DROP VIEW "open_orders";
ALTER TABLE "orders" RENAME TO "purchases";
CREATE VIEW "open_orders" AS
SELECT id, total FROM purchases WHERE status = 'open';
