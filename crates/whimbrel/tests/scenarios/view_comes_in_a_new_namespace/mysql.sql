CREATE DATABASE `reports`;
CREATE VIEW `reports`.`emails` AS
SELECT 1 AS id;
