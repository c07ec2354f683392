DROP TABLE "auditing"."remarks";
DROP TABLE "auditing"."entries";
-- the namespace `auditing` is not possible: a database is one file and has one namespace; leave it out
