ALTER TABLE "people" RENAME TO "persons";
ALTER TABLE "teams" RENAME TO "squads";
ALTER TABLE "people_friends" RENAME TO "persons_friends";
ALTER TABLE "people_groups_in" RENAME TO "persons_teams";
ALTER TABLE "teams_labels" RENAME TO "squads_labels";
ALTER TABLE "persons_friends" RENAME COLUMN "from_people_id" TO "from_persons_id";
ALTER TABLE "persons_friends" RENAME COLUMN "to_people_id" TO "to_persons_id";
ALTER TABLE "persons_teams" RENAME COLUMN "people_id" TO "persons_id";
ALTER TABLE "persons_teams" RENAME COLUMN "teams_id" TO "squads_id";
ALTER TABLE "squads_labels" RENAME COLUMN "teams_id" TO "squads_id";
CREATE INDEX "idx_persons_friends_to_persons_id" ON "persons_friends" ("to_persons_id");
DROP INDEX "idx_people_friends_to_people_id";
CREATE INDEX "idx_persons_teams_squads_id" ON "persons_teams" ("squads_id");
DROP INDEX "idx_people_groups_in_teams_id";
CREATE INDEX "idx_squads_labels_tags_id" ON "squads_labels" ("tags_id");
DROP INDEX "idx_teams_labels_tags_id";
CREATE TABLE "whimbrel_new_persons_friends" (
    "from_persons_id" INTEGER NOT NULL,
    "to_persons_id" INTEGER NOT NULL,
    PRIMARY KEY ("from_persons_id", "to_persons_id"),
    CONSTRAINT "fk_people_friends_to_people_id" FOREIGN KEY ("to_persons_id") REFERENCES "persons" ("id") ON DELETE CASCADE,
    CONSTRAINT "fk_persons_friends_from_persons_id" FOREIGN KEY ("from_persons_id") REFERENCES "persons" ("id") ON DELETE CASCADE
);
INSERT INTO "whimbrel_new_persons_friends" ("from_persons_id", "to_persons_id") SELECT "from_persons_id", "to_persons_id" FROM "persons_friends";
DROP TABLE "persons_friends";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_persons_friends" RENAME TO "persons_friends";
PRAGMA legacy_alter_table = OFF;
CREATE INDEX "idx_persons_friends_to_persons_id" ON "persons_friends" ("to_persons_id");
CREATE TABLE "whimbrel_new_persons_friends" (
    "from_persons_id" INTEGER NOT NULL,
    "to_persons_id" INTEGER NOT NULL,
    PRIMARY KEY ("from_persons_id", "to_persons_id"),
    CONSTRAINT "fk_persons_friends_from_persons_id" FOREIGN KEY ("from_persons_id") REFERENCES "persons" ("id") ON DELETE CASCADE,
    CONSTRAINT "fk_persons_friends_to_persons_id" FOREIGN KEY ("to_persons_id") REFERENCES "persons" ("id") ON DELETE CASCADE
);
INSERT INTO "whimbrel_new_persons_friends" ("from_persons_id", "to_persons_id") SELECT "from_persons_id", "to_persons_id" FROM "persons_friends";
DROP TABLE "persons_friends";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_persons_friends" RENAME TO "persons_friends";
PRAGMA legacy_alter_table = OFF;
CREATE INDEX "idx_persons_friends_to_persons_id" ON "persons_friends" ("to_persons_id");
CREATE TABLE "whimbrel_new_persons_teams" (
    "persons_id" INTEGER NOT NULL,
    "squads_id" TEXT NOT NULL,
    PRIMARY KEY ("persons_id", "squads_id"),
    CONSTRAINT "fk_people_groups_in_teams_id" FOREIGN KEY ("squads_id") REFERENCES "squads" ("code") ON DELETE CASCADE,
    CONSTRAINT "fk_persons_teams_persons_id" FOREIGN KEY ("persons_id") REFERENCES "persons" ("id") ON DELETE CASCADE
);
INSERT INTO "whimbrel_new_persons_teams" ("persons_id", "squads_id") SELECT "persons_id", "squads_id" FROM "persons_teams";
DROP TABLE "persons_teams";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_persons_teams" RENAME TO "persons_teams";
PRAGMA legacy_alter_table = OFF;
CREATE INDEX "idx_persons_teams_squads_id" ON "persons_teams" ("squads_id");
CREATE TABLE "whimbrel_new_persons_teams" (
    "persons_id" INTEGER NOT NULL,
    "squads_id" TEXT NOT NULL,
    PRIMARY KEY ("persons_id", "squads_id"),
    CONSTRAINT "fk_persons_teams_persons_id" FOREIGN KEY ("persons_id") REFERENCES "persons" ("id") ON DELETE CASCADE,
    CONSTRAINT "fk_persons_teams_squads_id" FOREIGN KEY ("squads_id") REFERENCES "squads" ("code") ON DELETE CASCADE
);
INSERT INTO "whimbrel_new_persons_teams" ("persons_id", "squads_id") SELECT "persons_id", "squads_id" FROM "persons_teams";
DROP TABLE "persons_teams";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_persons_teams" RENAME TO "persons_teams";
PRAGMA legacy_alter_table = OFF;
CREATE INDEX "idx_persons_teams_squads_id" ON "persons_teams" ("squads_id");
CREATE TABLE "whimbrel_new_squads_labels" (
    "squads_id" TEXT NOT NULL,
    "tags_id" INTEGER NOT NULL,
    PRIMARY KEY ("squads_id", "tags_id"),
    CONSTRAINT "fk_teams_labels_teams_id" FOREIGN KEY ("squads_id") REFERENCES "squads" ("code") ON DELETE CASCADE,
    CONSTRAINT "fk_squads_labels_tags_id" FOREIGN KEY ("tags_id") REFERENCES "tags" ("id") ON DELETE CASCADE
);
INSERT INTO "whimbrel_new_squads_labels" ("squads_id", "tags_id") SELECT "squads_id", "tags_id" FROM "squads_labels";
DROP TABLE "squads_labels";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_squads_labels" RENAME TO "squads_labels";
PRAGMA legacy_alter_table = OFF;
CREATE INDEX "idx_squads_labels_tags_id" ON "squads_labels" ("tags_id");
CREATE TABLE "whimbrel_new_squads_labels" (
    "squads_id" TEXT NOT NULL,
    "tags_id" INTEGER NOT NULL,
    PRIMARY KEY ("squads_id", "tags_id"),
    CONSTRAINT "fk_squads_labels_tags_id" FOREIGN KEY ("tags_id") REFERENCES "tags" ("id") ON DELETE CASCADE,
    CONSTRAINT "fk_squads_labels_squads_id" FOREIGN KEY ("squads_id") REFERENCES "squads" ("code") ON DELETE CASCADE
);
INSERT INTO "whimbrel_new_squads_labels" ("squads_id", "tags_id") SELECT "squads_id", "tags_id" FROM "squads_labels";
DROP TABLE "squads_labels";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_squads_labels" RENAME TO "squads_labels";
PRAGMA legacy_alter_table = OFF;
CREATE INDEX "idx_squads_labels_tags_id" ON "squads_labels" ("tags_id");
