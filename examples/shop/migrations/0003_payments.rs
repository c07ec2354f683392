//! Payments.
use whimbrel_migration::*;

pub fn migration() -> Migration {
    Migration::after("0002_first_warehouse_and_categories").create_table(
        table("payments")
            .column("id", uuid().primary_key().default(new_uuid()))
            .column(
                "order_id",
                bigint()
                    .not_null()
                    .references(to("orders").name("fk_payments_order_id").on_delete(Restrict)),
            )
            .column("amount", decimal(12, 2).not_null())
            .column("provider", varchar(40).not_null())
            .column("paid_at", timestamp())
            .index(index("payments_order_ix").on("order_id")),
    )
}
