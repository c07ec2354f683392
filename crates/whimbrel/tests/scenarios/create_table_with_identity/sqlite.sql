CREATE TABLE "orders" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "state" TEXT
);
INSERT INTO "sqlite_sequence" (name, seq) VALUES ('orders', 999);
CREATE TABLE "items" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "order_id" INTEGER,
    CONSTRAINT "fk_items_order_id" FOREIGN KEY ("order_id") REFERENCES "orders" ("id") ON DELETE RESTRICT
);
