CREATE INDEX `codes_other_ix` ON `codes` (`code`, `id`);
CREATE INDEX `codes_same_ix` ON `codes` (`code`);
CREATE INDEX `codes_usual_ix` ON `codes` (`code`);
