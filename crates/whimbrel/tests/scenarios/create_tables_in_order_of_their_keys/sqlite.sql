CREATE TABLE "zz_customers" (
    "id" INTEGER NOT NULL,
    PRIMARY KEY ("id")
);
CREATE TABLE "aa_orders" (
    "id" INTEGER NOT NULL,
    "customer_id" INTEGER NOT NULL,
    PRIMARY KEY ("id"),
    CONSTRAINT "fk_aa_orders_customer_id" FOREIGN KEY ("customer_id") REFERENCES "zz_customers" ("id") ON DELETE CASCADE
);
