ALTER TABLE "shipments" DROP CONSTRAINT "fk_shipments_invoice_position";
