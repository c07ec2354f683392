CREATE TABLE "whimbrel_new_tagged" (
    "tag" INTEGER NOT NULL,
    "post" INTEGER NOT NULL,
    PRIMARY KEY ("post", "tag"),
    CONSTRAINT "fk_tagged_tag" FOREIGN KEY ("tag") REFERENCES "tags" ("id") ON DELETE RESTRICT
);
INSERT INTO "whimbrel_new_tagged" ("tag", "post") SELECT "tag", "post" FROM "tagged";
DROP TABLE "tagged";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_tagged" RENAME TO "tagged";
PRAGMA legacy_alter_table = OFF;
