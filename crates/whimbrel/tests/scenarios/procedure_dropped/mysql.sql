DROP PROCEDURE `forget_orders`;
