-- deferrable foreign key `fk_members_team` is not possible: InnoDB looks at each row at once (manual, "FOREIGN KEY Constraints"); leave it out, or write rows in the order of their keys
-- deferrable foreign key `fk_teams_lead` is not possible: InnoDB looks at each row at once (manual, "FOREIGN KEY Constraints"); leave it out, or write rows in the order of their keys
ALTER TABLE `members` ADD CONSTRAINT `fk_members_team` FOREIGN KEY (`team`) REFERENCES `teams` (`id`) ON DELETE CASCADE;
-- deferrable foreign key `fk_teams_lead` is not possible: InnoDB looks at each row at once (manual, "FOREIGN KEY Constraints"); leave it out, or write rows in the order of their keys
