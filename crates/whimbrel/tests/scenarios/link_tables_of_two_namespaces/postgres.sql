CREATE SCHEMA "shipping";
CREATE TABLE "shipping"."parcels" (
    "id" INTEGER NOT NULL,
    "invoice_id" INTEGER,
    PRIMARY KEY ("id"),
    CONSTRAINT "fk_parcels_invoice_id" FOREIGN KEY ("invoice_id") REFERENCES "billing"."invoices" ("id") ON DELETE RESTRICT,
    CONSTRAINT "parcels_id_ck" CHECK (id > 0)
);
