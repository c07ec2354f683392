CREATE TABLE `teams` (
    `id` INT NOT NULL,
    `lead` INT,
    PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
-- deferrable foreign key `fk_members_team` is not possible: InnoDB looks at each row at once (manual, "FOREIGN KEY Constraints"); leave it out, or write rows in the order of their keys
-- deferrable foreign key `fk_teams_lead` is not possible: InnoDB looks at each row at once (manual, "FOREIGN KEY Constraints"); leave it out, or write rows in the order of their keys
