CREATE SCHEMA "reports";
CREATE VIEW "reports"."emails" AS
SELECT id, email FROM public.users;
