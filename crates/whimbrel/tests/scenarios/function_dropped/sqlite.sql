DROP VIEW "amounts";
