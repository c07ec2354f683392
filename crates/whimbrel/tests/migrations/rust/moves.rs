//! What moves, what is copied and what is captured.
use whimbrel_migration::*;

const TABLES: &[&str] = &["users", "shops"];

fn audited(it: Migration, name: &str) -> Migration {
    let column = text().not_null();
    it.add_column(name, "created_by", column.clone()).add_column(name, "changed_by", column)
}

fn apply(it: Migration, names: &[&str], with: impl Fn(&str) -> String) -> Migration {
    names.iter().fold(it, |it, name| it.drop_table(with(name)))
}

fn label(kind: Option<&str>) -> Result<String, String> {
    let kind = kind.ok_or("none".to_owned())?;
    Ok(format!("is_{kind}"))
}

pub fn migration() -> Migration {
    let mut it = Migration::first();
    for name in TABLES {
        it = audited(it, name);
    }
    let prefix = String::from("old_");
    let with = |name: &str| format!("{prefix}{name}");
    it = apply(it, TABLES, with);
    let mut names = vec!["b".to_string(), "a".to_string()];
    names.push(prefix.clone());
    names.sort();
    names.reverse();
    let mut sum = String::new();
    for (position, name) in names.iter().zip(1..9).map(|(name, position)| (position, name)).filter(|(position, _)| *position != 2) {
        sum.push_str(name);
        sum += "-";
        sum.push('x');
        if position > 5 {
            break;
        }
    }
    it = it.run_sql(sum.as_str().trim().replace('x', "y"));
    let shared = &names;
    it = it.add_index("users", index("ix").on(shared));
    it = it.add_index("users", index("iy").on(&names[..2]).filter(&names[1]));
    let pair = ("left", [1_u32, 2, 3]);
    let (side, widths) = pair;
    it = it.add_column("users", side, varchar(widths[1] + widths.len() as u32));
    it = it.drop_column("users", label(Some("x")).unwrap_or(String::new()));
    let deep = { let x = 3; move |y: i64| x * y };
    let parts: Vec<_> = "a b c".split(' ').collect();
    match parts.as_slice() {
        [first, .., last] => it.add_column(*first, *last, integer().default(deep(4))),
        _ => it,
    }
}
