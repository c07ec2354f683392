ALTER TABLE `shipments` DROP FOREIGN KEY `fk_shipments_invoice_position`, DROP INDEX `fk_shipments_invoice_position`;
