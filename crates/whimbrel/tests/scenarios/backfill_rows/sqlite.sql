UPDATE "users" SET "name" = coalesce(email, 'anonymous'), "seen" = seen + 1 WHERE name IS NULL;
