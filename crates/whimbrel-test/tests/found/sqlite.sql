CREATE TABLE "plain" (
  id INTEGER PRIMARY KEY AUTOINCREMENT, -- counted
  name VARCHAR(20) NOT NULL DEFAULT 'it''s' COLLATE NOCASE UNIQUE,
  'odd name' INT DEFAULT -1,
  [price] DECIMAL(10, 2) DEFAULT 0.10 CHECK (price >= 0),
  made DATETIME DEFAULT CURRENT_TIMESTAMP,
  day DATE DEFAULT (date('now', '+1 day')),
  token TEXT DEFAULT (lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-' || substr('89ab', (random() & 3) + 1, 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))),
  ok BOOLEAN DEFAULT TRUE,
  raw BLOB DEFAULT x'00ff',
  "nothing" DEFAULT NULL,
  place GEOMETRY,
  twice INT GENERATED ALWAYS AS ("odd name" * 2) VIRTUAL,
  kept INT AS (price * 2) STORED NOT NULL,
  CONSTRAINT sane CHECK (id > 0),
  CONSTRAINT pair UNIQUE (name, "odd name")
);
CREATE TABLE child (
  a INT REFERENCES "plain" DEFERRABLE INITIALLY DEFERRED,
  b TEXT,
  c INT CONSTRAINT to_plain REFERENCES plain (id) ON DELETE SET NULL ON UPDATE CASCADE,
  PRIMARY KEY (b, a),
  FOREIGN KEY (b, c) REFERENCES pairs (x, y) ON DELETE RESTRICT,
  CONSTRAINT self FOREIGN KEY (c) REFERENCES child (c) MATCH FULL
) WITHOUT ROWID;
CREATE TABLE pairs (x TEXT, y INT, z ANY, PRIMARY KEY (x, y)) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX by_day ON "plain" (day DESC, ok);
CREATE INDEX by_name ON plain (name COLLATE BINARY) WHERE price > 3 AND (ok IN (1) OR name <> 'where (x');
CREATE INDEX by_length ON plain (length(name), id);
CREATE INDEX "quoted ""ix" ON child (c);
CREATE VIEW names AS SELECT name FROM plain;
CREATE TRIGGER noted AFTER INSERT ON plain BEGIN UPDATE plain SET ok = 0; END;
CREATE TRIGGER instead INSTEAD OF DELETE ON names BEGIN SELECT 1; END;
CREATE VIRTUAL TABLE words USING fts5(text);
CREATE TABLE words_seen (id INTEGER PRIMARY KEY);
CREATE TABLE copied AS SELECT id, name, price FROM plain;
CREATE TABLE whimbrel_state (name text);
CREATE TABLE whimbrel_notes (name text);
