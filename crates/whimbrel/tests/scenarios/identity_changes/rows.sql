INSERT INTO orders (state) VALUES ('new'), ('paid');
