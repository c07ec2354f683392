ALTER TYPE "order_status" RENAME VALUE 'Paid' TO 'paid';
