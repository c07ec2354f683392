DROP VIEW `totals`;
-- the materialized view `totals` is not possible: its views are read anew each time; use a view, or a table that you fill yourself
