INSERT INTO invoice_lines (invoice, position) VALUES (1, 1);
INSERT INTO shipments (id, invoice, position) VALUES (1, 1, 1);
