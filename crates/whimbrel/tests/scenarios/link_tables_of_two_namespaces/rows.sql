INSERT INTO billing.invoices (id) VALUES (1), (2);
