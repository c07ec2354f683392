CREATE TABLE "whimbrel_new_orders" (
    "id" INTEGER NOT NULL,
    "total" NUMERIC,
    "user_id" INTEGER NOT NULL,
    "note" TEXT,
    PRIMARY KEY ("id"),
    CONSTRAINT "fk_orders_user_id" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE
);
INSERT INTO "whimbrel_new_orders" ("id", "total", "user_id", "note") SELECT "id", "total", "user_id", "note" FROM "orders";
DROP TABLE "orders";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "whimbrel_new_orders" RENAME TO "orders";
PRAGMA legacy_alter_table = OFF;
