//! Initial.
use whimbrel_migration::*;

pub fn migration() -> Migration {
    Migration::first()
        .set_named_default(
            "new_code",
            on(Postgres, "upper(substr(md5(random()::text), 1, 8))")
                .on(Mysql, "upper(left(uuid(), 8))")
                .on(Sqlite, "upper(hex(randomblob(4)))"),
        )
        .create_table(
            table("categories")
                .column("id", serial().primary_key())
                .column("name", varchar(120).not_null())
                .column(
                    "parent_id",
                    integer().references(
                        to("categories").name("fk_categories_parent_id").on_delete(SetNull),
                    ),
                )
                .index(index("categories_parent_ix").on("parent_id")),
        )
        .create_table(
            table("customers")
                .column("id", serial().primary_key())
                .column("email", varchar(320).not_null())
                .column("name", varchar(120).not_null())
                .column("newsletter", boolean().not_null().default(false))
                .column("created_at", timestamp().not_null().default(now()))
                .index(index("customers_email_key").on("email").unique()),
        )
        .create_table(
            table("addresses")
                .column("id", serial().primary_key())
                .column(
                    "customer_id",
                    integer().not_null().references(
                        to("customers").name("fk_addresses_customer_id").on_delete(Cascade),
                    ),
                )
                .column("street", varchar(200).not_null())
                .column("postcode", varchar(20).not_null())
                .column("city", varchar(120).not_null())
                .column("country", varchar(2).not_null().default("DE"))
                .index(index("addresses_customer_ix").on("customer_id")),
        )
        .create_table(
            table("orders")
                .column("id", bigserial().primary_key())
                .column(
                    "customer_id",
                    integer().not_null().references(
                        to("customers").name("fk_orders_customer_id").on_delete(Restrict),
                    ),
                )
                .column(
                    "address_id",
                    integer().references(
                        to("addresses").name("fk_orders_address_id").on_delete(SetNull),
                    ),
                )
                .column("number", varchar(20).not_null().default(named("new_code")))
                .column("status", varchar(20).not_null().default("open"))
                .column("placed_at", timestamp().not_null().default(now()))
                .column("note", text())
                .index(index("orders_customer_ix").on(["customer_id", "placed_at"]))
                .index(index("orders_number_key").on("number").unique()),
        )
        .create_table(
            table("products")
                .column("id", serial().primary_key())
                .column("sku", varchar(40).not_null())
                .column("title", varchar(200).not_null())
                .column("description", text())
                .column("price", decimal(12, 2).not_null())
                .column("active", boolean().not_null().default(true))
                .column("attributes", jsonb())
                .column(
                    "category_id",
                    integer().references(
                        to("categories").name("fk_products_category_id").on_delete(SetNull),
                    ),
                )
                .index(index("products_category_ix").on(["category_id", "title"]))
                .index(index("products_sku_key").on("sku").unique()),
        )
        .create_table(
            table("order_lines")
                .column(
                    "order_id",
                    bigint().references(
                        to("orders").name("fk_order_lines_order_id").on_delete(Cascade),
                    ),
                )
                .column("line", integer())
                .column(
                    "product_id",
                    integer().not_null().references(
                        to("products").name("fk_order_lines_product_id").on_delete(Restrict),
                    ),
                )
                .column("quantity", integer().not_null())
                .column("unit_price", decimal(12, 2).not_null())
                .primary_key(["order_id", "line"]),
        )
        .create_table(
            table("tags")
                .column("id", serial().primary_key())
                .column("label", varchar(60).not_null()),
        )
        .create_table(
            table("products_tags")
                .column(
                    "products_id",
                    integer().references(
                        to("products").name("fk_products_tags_products_id").on_delete(Cascade),
                    ),
                )
                .column(
                    "tags_id",
                    integer()
                        .references(to("tags").name("fk_products_tags_tags_id").on_delete(Cascade)),
                )
                .primary_key(["products_id", "tags_id"])
                .index(index("idx_products_tags_tags_id").on("tags_id")),
        )
        .create_table(
            table("warehouses")
                .column("code", varchar(10).primary_key())
                .column("city", varchar(120).not_null()),
        )
        .create_table(
            table("stock_levels")
                .column(
                    "warehouse_code",
                    varchar(10).references(
                        to("warehouses").name("fk_stock_levels_warehouse_code").on_delete(Cascade),
                    ),
                )
                .column(
                    "product_id",
                    integer().references(
                        to("products").name("fk_stock_levels_product_id").on_delete(Cascade),
                    ),
                )
                .column("quantity", integer().not_null().default(0))
                .primary_key(["warehouse_code", "product_id"]),
        )
}
