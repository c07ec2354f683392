ALTER TABLE `shipments` ADD CONSTRAINT `fk_shipments_invoice_position` FOREIGN KEY (`invoice`, `position`) REFERENCES `invoice_lines` (`invoice`, `position`) ON DELETE CASCADE;
