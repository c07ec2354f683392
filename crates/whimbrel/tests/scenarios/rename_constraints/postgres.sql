ALTER TABLE "houses" RENAME CONSTRAINT "old_a" TO "new_a";
ALTER TABLE "houses" RENAME CONSTRAINT "fk_houses_town" TO "stands_in";
ALTER TABLE "houses" RENAME CONSTRAINT "seen_from" TO "looked_at";
ALTER TABLE "houses" DROP CONSTRAINT "old_b";
ALTER TABLE "houses" ADD CONSTRAINT "old_b" CHECK (floors < 8);
