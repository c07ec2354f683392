CREATE TABLE "people" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "email" TEXT NOT NULL DEFAULT '',
    "seen" DATETIME,
    "short" TEXT GENERATED ALWAYS AS (upper(email)) STORED,
    "quiet" INTEGER
);
CREATE TRIGGER "people_seen_auto_update" AFTER UPDATE ON "people" FOR EACH ROW WHEN NEW."seen" IS OLD."seen" AND OLD."seen" IS NOT CURRENT_TIMESTAMP BEGIN UPDATE "people" SET "seen" = CURRENT_TIMESTAMP WHERE _rowid_ = NEW._rowid_; END;
