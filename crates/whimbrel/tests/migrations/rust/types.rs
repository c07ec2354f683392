//! Every type, every default, every part of an index and a key.
use whimbrel_migration::{
    Action, Cascade, Column, ColumnType, Migration, MariaDb, Mysql, NoAction, Postgres, Restrict, SetDefault, SetNull, array, asc, expr,
    bigint, bigserial, boolean, bounded_text, bytes, date, decimal, desc, double, float, index, integer, json, jsonb,
    key_of, named, new_uuid, now, on, other_type, qualified, serial, set, smallint, sql, table, text, time, timestamp, timestamptz,
    to, uuid, varchar,
};

fn kinds() -> Vec<ColumnType> {
    vec![
        varchar(200), text(), bounded_text(40), smallint(), integer(), bigint(), serial(), bigserial(), float(),
        double(), decimal(10, 3), boolean(), date(), time(), timestamp(), timestamptz(), uuid(), json(), jsonb(),
        bytes(), array(array(text())), other_type("citext"), key_of("users"), key_of(qualified("audit", "log")),
    ]
}

fn required(of: ColumnType) -> Column {
    of.not_null()
}

pub fn migration() -> Migration {
    let mut all = table(qualified("audit", "everything"));
    for (position, kind) in kinds().into_iter().enumerate() {
        let column = if position % 2 == 0 { required(kind) } else { kind.nullable() };
        all = all.column(format!("c{position}"), column);
    }
    let actions = [Cascade, Restrict, SetNull, SetDefault, NoAction];
    for (number, action) in actions.iter().enumerate() {
        let target: Action = *action;
        all = all.foreign_key(
            vec![format!("a{number}"), format!("b{number}")],
            to("others").name(format!("fk_{number}")).columns(["x", "y"]).on_delete(target).on_update(target),
        );
    }
    Migration::first()
        .create_table(all)
        .add_column("t", "a", uuid().default(new_uuid()))
        .add_column("t", "b", timestamptz().default(now()))
        .add_column("t", "c", text().default("it's"))
        .add_column("t", "d", bigint().default(-9_223_372_036_854_775_808))
        .add_column("t", "e", boolean().default(true))
        .add_column("t", "f", text().default(named("tenant")))
        .add_column("t", "g", text().default(sql("lower('X')")))
        .add_column("t", "h", text().default(on(Postgres, "a").on(Mysql, "b").otherwise("c")))
        .add_column("t", "i", bigint().primary_key().nullable())
        .alter_column("t", "a", set().data_type(varchar(9)).using("a::text").not_null().default("x"))
        .alter_column("t", "b", set().nullable().no_default().using(on(Postgres, "b::date")))
        .rename_column("t", "a", "b")
        .rename_table("t", qualified("audit", "t"))
        .add_index("t", index("t_a_ix").on(desc("a")).unique().method("btree"))
        .add_index("t", index("t_b_ix").on("b"))
        .add_index("t", index("t_c_ix").on([asc("b"), desc("c")]))
        .add_index("t", index("t_d_ix").on(expr("lower(b)").descending().nulls_last().collation("C")))
        .add_index(
            "t",
            index("t_e_ix")
                .on([asc("b").prefix(20), expr(on(Postgres, "b::text").otherwise("b"))])
                .unique()
                .include(["a", "c"])
                .nulls_not_distinct(),
        )
        .add_index("t", index("t_f_ix").on(desc("b").nulls_first().operator_class("text_ops")))
        .rename_index("t", "t_b_ix", "t_g_ix")
        .drop_index("t", "t_a_ix")
        .add_foreign_key("t", "a", "others")
        .add_foreign_key("t", ["a", "b"], to("others").columns("k"))
        .drop_foreign_key("t", "fk_t_a")
        .set_named_default("tenant", on(Postgres, "1").on(MariaDb, "2"))
        .drop_named_default("tenant")
        .run_sql(sql("a").undo_nothing())
        .run_sql(on(Postgres, "up").undo("down"))
        .drop_column("t", "x")
        .drop_table("t")
}
