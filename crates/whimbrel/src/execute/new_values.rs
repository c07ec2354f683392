//! Values that come to an enum type: they can be used once they are committed (PostgreSQL, "ALTER
//! TYPE").

use super::Step;
use crate::{
    dialect::{After, Object},
    schema::Name,
    sql::{Body, Kind, Statement},
};

/// Cuts the transaction before the first step that may use a value which an earlier one adds.
pub(super) fn cut(steps: &mut [Step]) {
    for at in 0..steps.len() {
        let Some((name, value)) = added(&steps[at].statement) else { continue };
        let (name, value) = (name.name.clone(), value.to_owned());
        let behind = &mut steps[at + 1..];
        if let Some(user) = behind.iter_mut().find(|it| may_use(&it.statement, &name, &value)) {
            user.statement.after_commit = true;
        }
    }
}

/// Whether a step adds a value to a type.
pub(super) fn adds(steps: &[Step]) -> bool {
    steps.iter().any(|it| added(&it.statement).is_some())
}

/// The value that a statement adds. One that only gets another name can be used at once.
fn added(statement: &Statement) -> Option<(&Name, &str)> {
    if statement.looks.iter().any(|it| it.after == After::Absent) {
        return None;
    }
    statement.looks.iter().find_map(|it| match (&it.object, &it.after) {
        (Object::EnumValue(name, value), After::Present) => Some((name, value.as_str())),
        _ => None,
    })
}

/// Rows may be given the value, and a statement may speak of it or turn values into the type.
fn may_use(statement: &Statement, name: &str, value: &str) -> bool {
    if added(statement).is_some() {
        return false;
    }
    match &statement.body {
        Body::Text(text) if statement.kind == Kind::Schema => {
            text.contains(value) || text.contains(name)
        }
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{dialect::POSTGRES, sql};

    #[test]
    fn the_transaction_is_cut_where_the_value_may_be_used() {
        let value = sql::add_enum_value(&POSTGRES, &Name::new("state"), "held", None);
        let step = |statement| Step::of(0, statement);
        let schema = |text: &str| step(Statement::schema(text, []));
        let mut steps = vec![
            schema("ALTER TABLE t ADD COLUMN a text"),
            step(value.expect("it can be added")),
            schema("CREATE INDEX i ON t (a)"),
            schema("ALTER TABLE t ALTER COLUMN s SET DEFAULT 'held'"),
            step(Statement::rows("UPDATE t SET a = ''")),
        ];
        cut(&mut steps);
        let cuts: Vec<bool> = steps.iter().map(|it| it.statement.after_commit).collect();
        assert_eq!(cuts, [false, false, false, true, false]);
        assert!(adds(&steps) && !adds(&steps[2..]));
    }
}
