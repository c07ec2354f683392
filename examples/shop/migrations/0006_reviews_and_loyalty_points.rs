//! Reviews and loyalty points.
use whimbrel_migration::*;

pub fn migration() -> Migration {
    Migration::after("0005_rename_customers_name_to_display_name")
        .create_table(
            table("reviews")
                .column("id", serial().primary_key())
                .column(
                    "product_id",
                    integer().not_null().references(
                        to("products").name("fk_reviews_product_id").on_delete(Cascade),
                    ),
                )
                .column(
                    "customer_id",
                    integer().references(
                        to("customers").name("fk_reviews_customer_id").on_delete(SetNull),
                    ),
                )
                .column("stars", smallint().not_null())
                .column("body", text())
                .index(index("reviews_product_ix").on("product_id")),
        )
        .add_column("customers", "loyalty_points", integer().not_null().default(0))
}
