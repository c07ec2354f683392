-- whimbrel: after 0001_initial
-- What every shop begins with: a warehouse, and the categories on the front page.

INSERT INTO warehouses (code, city) VALUES ('HAM', 'Hamburg');

INSERT INTO categories (name) VALUES ('Books');
INSERT INTO categories (name) VALUES ('Maps; charts & globes');

INSERT INTO categories (name, parent_id)
SELECT 'Sea charts', id FROM categories WHERE name = 'Maps; charts & globes';

-- whimbrel: down
DELETE FROM categories WHERE name = 'Sea charts';
DELETE FROM categories WHERE name IN ('Books', 'Maps; charts & globes');
DELETE FROM warehouses WHERE code = 'HAM';
