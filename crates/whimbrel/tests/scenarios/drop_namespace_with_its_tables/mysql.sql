DROP TABLE `auditing`.`remarks`;
DROP TABLE `auditing`.`entries`;
DROP DATABASE `auditing`;
