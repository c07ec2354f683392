CREATE TABLE own (
    a int CHECK (a > 1), j json, srs point NOT NULL SRID 4326,
    KEY fi ((a + 1), a), KEY iv (a) INVISIBLE, KEY mv ((CAST(j->'$.x' AS UNSIGNED ARRAY))),
    UNIQUE KEY fu ((CAST(lower(j->>'$.name') AS char(20)))),
    CONSTRAINT ck_off CHECK (a > 0 OR j->'$.it''s\\' IS NULL) NOT ENFORCED
);
