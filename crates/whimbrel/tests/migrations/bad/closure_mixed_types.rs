use whimbrel_migration::*;

pub fn migration() -> Migration {
    let cells = (0..3).map(|it| if it == 1 { null() } else { it }).collect::<Vec<_>>();
    Migration::first().upsert(rows("a").key("b").row(cells))
}
