CREATE TABLE "notes" (
    "id" TEXT NOT NULL,
    "body" TEXT,
    "changed" DATETIME,
    "seen" DATETIME NOT NULL,
    "kept" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "first" DATETIME DEFAULT '2001-02-03 04:05:06',
    PRIMARY KEY ("id")
);
CREATE TRIGGER "notes_changed_auto_update" AFTER UPDATE ON "notes" FOR EACH ROW WHEN NEW."changed" IS OLD."changed" AND OLD."changed" IS NOT CURRENT_TIMESTAMP BEGIN UPDATE "notes" SET "changed" = CURRENT_TIMESTAMP WHERE _rowid_ = NEW._rowid_; END;
CREATE TRIGGER "notes_seen_auto_update" AFTER UPDATE ON "notes" FOR EACH ROW WHEN NEW."seen" IS OLD."seen" AND OLD."seen" IS NOT CURRENT_TIMESTAMP BEGIN UPDATE "notes" SET "seen" = CURRENT_TIMESTAMP WHERE _rowid_ = NEW._rowid_; END;
CREATE TRIGGER "notes_kept_auto_update" AFTER UPDATE ON "notes" FOR EACH ROW WHEN NEW."kept" IS OLD."kept" AND OLD."kept" IS NOT CURRENT_TIMESTAMP BEGIN UPDATE "notes" SET "kept" = CURRENT_TIMESTAMP WHERE _rowid_ = NEW._rowid_; END;
CREATE TRIGGER "notes_first_auto_update" AFTER UPDATE ON "notes" FOR EACH ROW WHEN NEW."first" IS OLD."first" AND OLD."first" IS NOT CURRENT_TIMESTAMP BEGIN UPDATE "notes" SET "first" = CURRENT_TIMESTAMP WHERE _rowid_ = NEW._rowid_; END;
