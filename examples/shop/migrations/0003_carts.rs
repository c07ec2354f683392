//! Carts.
use whimbrel_migration::*;

pub fn migration() -> Migration {
    Migration::after("0002_first_warehouse_and_categories")
        .create_table(
            table("carts")
                .column("id", uuid().primary_key().default(new_uuid()))
                .column(
                    "customer_id",
                    integer().references(
                        to("customers").name("fk_carts_customer_id").on_delete(Cascade),
                    ),
                )
                .column("updated_at", timestamp().not_null().default(now())),
        )
        .create_table(
            table("cart_lines")
                .column(
                    "cart_id",
                    uuid().references(to("carts").name("fk_cart_lines_cart_id").on_delete(Cascade)),
                )
                .column(
                    "product_id",
                    integer().references(
                        to("products").name("fk_cart_lines_product_id").on_delete(Cascade),
                    ),
                )
                .column("quantity", integer().not_null().default(1))
                .primary_key(["cart_id", "product_id"]),
        )
}
