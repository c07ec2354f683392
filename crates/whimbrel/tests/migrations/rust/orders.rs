//! Orders and their lines.
use whimbrel_migration::*;

fn money() -> Column {
    decimal(12, 2).not_null().default(0)
}

pub fn migration() -> Migration {
    Migration::after("0001_tenants")
        .create_table(
            table("orders")
                .column("id", uuid().primary_key().default(new_uuid()))
                .column("tenant_id", bigint().not_null().references("tenants"))
                .column("status", varchar(20).not_null().default("new"))
                .column("email", varchar(320))
                .column("net", money())
                .index(
                    index("orders_open_ix")
                        .on([asc("tenant_id"), desc("id")])
                        .filter("status = 'new'"),
                ),
        )
        .create_table(
            table("order_lines")
                .column("order_id", uuid())
                .column("line", integer())
                .primary_key(["order_id", "line"])
                .foreign_key("order_id", to("orders").on_delete(Cascade)),
        )
}
