CREATE TABLE "whimbrel_new_houses" (
    "id" INTEGER NOT NULL,
    "floors" INTEGER,
    "town" INTEGER,
    "seen" INTEGER,
    PRIMARY KEY ("id"),
    CONSTRAINT "fk_houses_town" FOREIGN KEY ("town") REFERENCES "towns" ("id") ON DELETE CASCADE,
    CONSTRAINT "seen_from" FOREIGN KEY ("seen") REFERENCES "towns" ("id") ON DELETE RESTRICT,
    CONSTRAINT "old_b" CHECK (floors < 9),
    CONSTRAINT "new_a" CHECK (floors > 0)
);
INSERT INTO "whimbrel_new_houses" ("id", "floors", "town", "seen") SELECT "id", "floors", "town", "seen" FROM "houses";
DROP TABLE "houses";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_houses" RENAME TO "houses";
PRAGMA legacy_alter_table = OFF;
CREATE INDEX "seen_from" ON "houses" ("seen");
CREATE TABLE "whimbrel_new_houses" (
    "id" INTEGER NOT NULL,
    "floors" INTEGER,
    "town" INTEGER,
    "seen" INTEGER,
    PRIMARY KEY ("id"),
    CONSTRAINT "seen_from" FOREIGN KEY ("seen") REFERENCES "towns" ("id") ON DELETE RESTRICT,
    CONSTRAINT "new_a" CHECK (floors > 0),
    CONSTRAINT "old_b" CHECK (floors < 9),
    CONSTRAINT "stands_in" FOREIGN KEY ("town") REFERENCES "towns" ("id") ON DELETE CASCADE
);
INSERT INTO "whimbrel_new_houses" ("id", "floors", "town", "seen") SELECT "id", "floors", "town", "seen" FROM "houses";
DROP TABLE "houses";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_houses" RENAME TO "houses";
PRAGMA legacy_alter_table = OFF;
CREATE INDEX "seen_from" ON "houses" ("seen");
CREATE TABLE "whimbrel_new_houses" (
    "id" INTEGER NOT NULL,
    "floors" INTEGER,
    "town" INTEGER,
    "seen" INTEGER,
    PRIMARY KEY ("id"),
    CONSTRAINT "stands_in" FOREIGN KEY ("town") REFERENCES "towns" ("id") ON DELETE CASCADE,
    CONSTRAINT "new_a" CHECK (floors > 0),
    CONSTRAINT "old_b" CHECK (floors < 9),
    CONSTRAINT "looked_at" FOREIGN KEY ("seen") REFERENCES "towns" ("id") ON DELETE RESTRICT
);
INSERT INTO "whimbrel_new_houses" ("id", "floors", "town", "seen") SELECT "id", "floors", "town", "seen" FROM "houses";
DROP TABLE "houses";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_houses" RENAME TO "houses";
PRAGMA legacy_alter_table = OFF;
CREATE INDEX "seen_from" ON "houses" ("seen");
CREATE TABLE "whimbrel_new_houses" (
    "id" INTEGER NOT NULL,
    "floors" INTEGER,
    "town" INTEGER,
    "seen" INTEGER,
    PRIMARY KEY ("id"),
    CONSTRAINT "looked_at" FOREIGN KEY ("seen") REFERENCES "towns" ("id") ON DELETE RESTRICT,
    CONSTRAINT "stands_in" FOREIGN KEY ("town") REFERENCES "towns" ("id") ON DELETE CASCADE,
    CONSTRAINT "new_a" CHECK (floors > 0)
);
INSERT INTO "whimbrel_new_houses" ("id", "floors", "town", "seen") SELECT "id", "floors", "town", "seen" FROM "houses";
DROP TABLE "houses";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_houses" RENAME TO "houses";
PRAGMA legacy_alter_table = OFF;
CREATE INDEX "seen_from" ON "houses" ("seen");
CREATE TABLE "whimbrel_new_houses" (
    "id" INTEGER NOT NULL,
    "floors" INTEGER,
    "town" INTEGER,
    "seen" INTEGER,
    PRIMARY KEY ("id"),
    CONSTRAINT "looked_at" FOREIGN KEY ("seen") REFERENCES "towns" ("id") ON DELETE RESTRICT,
    CONSTRAINT "stands_in" FOREIGN KEY ("town") REFERENCES "towns" ("id") ON DELETE CASCADE,
    CONSTRAINT "new_a" CHECK (floors > 0),
    CONSTRAINT "old_b" CHECK (floors < 8)
);
INSERT INTO "whimbrel_new_houses" ("id", "floors", "town", "seen") SELECT "id", "floors", "town", "seen" FROM "houses";
DROP TABLE "houses";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_houses" RENAME TO "houses";
PRAGMA legacy_alter_table = OFF;
CREATE INDEX "seen_from" ON "houses" ("seen");
