//! Triggers, functions and procedures as SQL: the statements that make them, and their texts as far
//! as they have to be read.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Kind, Statement, absent, check_table_name,
    lexer::{Token, lex_significant},
    present,
    split::split,
    view::{blunt_query, same_query, spoken_of, tidy},
};
use crate::{
    dialect::{ALL, AlterRoutine, Dialect, Object, Unsupported},
    schema::{Name, PerDatabase, Routine, RoutineName, Schema},
};

/// The names that a routine speaks of, in lower case: tables, columns, functions and words of the
/// language alike, and the table of a trigger.
pub fn routine_speaks_of(routine: &Routine) -> BTreeSet<String> {
    let texts = routine.when.iter().chain([&routine.definition]);
    let mut names: BTreeSet<String> = texts.flat_map(spoken_of).collect();
    names.extend(routine.name.table().map(|it| it.name.to_lowercase()));
    // The body of a function may be a text: `$$ … $$`.
    if routine.name.table().is_none() {
        let is_word = |it: char| it.is_alphanumeric() || it == '_' || it == '$';
        let words = routine.definition.all_texts().flat_map(|it| it.split(|it| !is_word(it)));
        names.extend(words.filter(|it| !it.is_empty()).map(str::to_lowercase));
    }
    names
}

/// Whether two routines are the same but for how their texts are laid out.
pub fn same_routine(one: &Routine, other: &Routine) -> bool {
    let when = match (&one.when, &other.when) {
        (Some(one), Some(other)) => same_query(one, other),
        (one, other) => one == other,
    };
    one.name == other.name && when && same_query(&one.definition, &other.definition)
}

/// These routines, each behind those that its text speaks of.
pub fn routines_in_order<'r>(routines: impl IntoIterator<Item = &'r Routine>) -> Vec<&'r Routine> {
    let mut left: BTreeMap<&RoutineName, (&Routine, BTreeSet<String>)> =
        routines.into_iter().map(|it| (&it.name, (it, routine_speaks_of(it)))).collect();
    let mut ordered = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let waits = |of: &RoutineName, words: &BTreeSet<String>| {
            left.keys().any(|it| *it != of && words.contains(&it.own().to_lowercase()))
        };
        let free = left.iter().find(|(name, (_, words))| !waits(name, words));
        // Those that speak of each other in a circle stand in any order.
        let Some(name) = free.or_else(|| left.iter().next()).map(|(name, _)| *name) else { break };
        ordered.extend(left.remove(name).map(|(it, _)| it));
    }
    ordered
}

/// The statements that create a routine; none on a database that goes without.
pub fn create_routine(
    dialect: &Dialect,
    after: &Schema,
    routine: &Routine,
) -> Result<Vec<Statement>, Unsupported> {
    let Some(text) = creating(dialect, after, routine, "CREATE")? else { return Ok(vec![]) };
    Ok(vec![Statement::schema(text, [present(Object::Routine(routine.name.clone()))])])
}

/// The statement that drops a routine; `None` on a database that goes without.
pub fn drop_routine(
    dialect: &Dialect,
    routine: &Routine,
) -> Result<Option<Statement>, Unsupported> {
    let Some(definition) = text_of(dialect, routine, &routine.definition, "definition")? else {
        return Ok(None);
    };
    let text = dropping(dialect, &routine.name, Some(definition));
    Ok(Some(Statement::schema(text, [absent(Object::Routine(routine.name.clone()))])))
}

/// The text that drops a routine, of which the definition may be known.
pub fn dropping(dialect: &Dialect, name: &RoutineName, definition: Option<&str>) -> String {
    let drop = |kind: &str| format!("DROP {kind} {}", called(dialect, name));
    let arguments = || {
        let by_arguments = dialect.routines.by_arguments;
        definition.filter(|_| by_arguments).and_then(|it| arguments(dialect, it))
    };
    match name {
        RoutineName::Trigger(table, _) if dialect.routines.triggers_by_table => {
            format!("{} ON {}", drop("TRIGGER"), dialect.quote_name(table))
        }
        RoutineName::Trigger(..) => drop("TRIGGER"),
        RoutineName::Function(_) => drop("FUNCTION") + &arguments().unwrap_or_default(),
        RoutineName::Procedure(_) => drop("PROCEDURE") + &arguments().unwrap_or_default(),
    }
}

/// The statements that give a routine another definition.
pub fn alter_routine(
    dialect: &Dialect,
    after: &Schema,
    old: &Routine,
    new: &Routine,
) -> Result<Vec<Statement>, Unsupported> {
    if replaces_routine(dialect, old, new) {
        let text = creating(dialect, after, new, "CREATE OR REPLACE")?;
        // The same a second time.
        let again = |it| Statement { kind: Kind::Repeatable, ..Statement::schema(it, []) };
        return Ok(text.into_iter().map(again).collect());
    }
    let mut statements: Vec<Statement> = drop_routine(dialect, old)?.into_iter().collect();
    statements.extend(create_routine(dialect, after, new)?);
    Ok(statements)
}

/// Whether a routine's new definition is put in the old one's place, so that what rests on the
/// routine, and what only the database says of it, stays.
pub fn replaces_routine(dialect: &Dialect, old: &Routine, new: &Routine) -> bool {
    let (Ok(Some(was)), Ok(Some(is))) = (
        text_of(dialect, old, &old.definition, "definition"),
        text_of(dialect, new, &new.definition, "definition"),
    ) else {
        return false;
    };
    let how = match old.name {
        RoutineName::Trigger(..) => dialect.routines.alter_trigger,
        RoutineName::Function(_) | RoutineName::Procedure(_) => dialect.routines.alter,
    };
    match how {
        AlterRoutine::Replace => true,
        AlterRoutine::Anew => false,
        AlterRoutine::ReplaceBody => {
            let (was, is) = (head(dialect, was), head(dialect, is));
            was.is_some() && was == is
        }
    }
}

/// What may be said of every database about a change, as a migration is for all of them: whether it
/// takes and returns what it did before.
pub fn keeps_its_head(old: &Routine, new: &Routine) -> bool {
    let mut choosy = ALL.iter().filter(|it| it.routines.alter == AlterRoutine::ReplaceBody);
    choosy.all(|dialect| {
        let text = text_of(dialect, old, &old.definition, "definition");
        !matches!(text, Ok(Some(_))) || replaces_routine(dialect, old, new)
    })
}

/// The statement that creates a routine, with what is said before its kind.
fn creating(
    dialect: &Dialect,
    after: &Schema,
    routine: &Routine,
    create: &str,
) -> Result<Option<String>, Unsupported> {
    let name = &routine.name;
    let (RoutineName::Function(whole)
    | RoutineName::Procedure(whole)
    | RoutineName::Trigger(whole, _)) = name;
    check_table_name(dialect, whole)?;
    dialect.check_name(name.own())?;
    let Some(definition) = text_of(dialect, routine, &routine.definition, "definition")? else {
        return Ok(None);
    };
    let kind = name.kind().to_uppercase();
    let called = called(dialect, name);
    let RoutineName::Trigger(table, own) = name else {
        if let Some(because) = dialect.routines.no_functions {
            let because = format!(
                "{because}; say an empty text for it, so that it goes without: `{}: \"\"`",
                dialect.name
            );
            return Err(Unsupported::new(format!("the {name}"), because));
        }
        return Ok(Some(format!("{create} {kind} {called}{definition}")));
    };
    if !dialect.routines.triggers_by_table {
        let others = after.routines.values().filter(|it| it.name != *name);
        let mut others = others.filter(|it| {
            it.name.table().is_some_and(|it| it.namespace == table.namespace)
                && it.name.own().eq_ignore_ascii_case(own)
                && text_of(dialect, it, &it.definition, "definition").is_ok_and(|it| it.is_some())
        });
        if let Some(other) = others.next() {
            let because = format!(
                "there is a {}, and no two triggers may have one name; call one of them otherwise",
                other.name
            );
            return Err(Unsupported::new(format!("the {name}"), because));
        }
    }
    let when = routine.when.clone().unwrap_or_default();
    let Some(when) = text_of(dialect, routine, &when, "when")? else {
        let because = "nothing is said of what sets it off; say it: `AFTER UPDATE`";
        return Err(Unsupported::new(format!("the {name}"), because));
    };
    let table = dialect.quote_name(table);
    Ok(Some(format!("{create} TRIGGER {called} {when} ON {table}\n{definition}")))
}

/// How a statement calls a routine.
fn called(dialect: &Dialect, name: &RoutineName) -> String {
    match name {
        RoutineName::Function(it) | RoutineName::Procedure(it) => dialect.quote_name(it),
        RoutineName::Trigger(_, own) if dialect.routines.triggers_by_table => dialect.quote(own),
        RoutineName::Trigger(table, own) => {
            let namespace = table.namespace.clone();
            dialect.quote_name(&Name { namespace, name: own.clone() })
        }
    }
}

/// A text of a routine here; `None` on a database that goes without.
fn text_of<'t>(
    dialect: &Dialect,
    routine: &Routine,
    texts: &'t PerDatabase,
    what: &str,
) -> Result<Option<&'t str>, Unsupported> {
    let Some(text) = dialect.text(texts) else {
        let because = format!(
            "nothing is said for {}; add its `{what}`, or an empty one where it is to go without",
            dialect.product
        );
        return Err(Unsupported::new(format!("the {}", routine.name), because));
    };
    if let Some(because) = no_routine(dialect, &routine.name, text, what == "when") {
        return Err(Unsupported::new(format!("the {}", routine.name), because));
    }
    Ok(Some(tidy(dialect, text)).filter(|it| !it.is_empty()))
}

/// The words with which it begins what sets a trigger off.
const TIMES: &[&str] = &["BEFORE", "AFTER", "INSTEAD", "INSERT", "UPDATE", "DELETE", "TRUNCATE"];

/// Why a text is not what stands behind the name of a routine, where that can be seen; `when` for
/// what sets a trigger off.
pub fn no_routine(
    dialect: &Dialect,
    name: &RoutineName,
    text: &str,
    when: bool,
) -> Option<&'static str> {
    let text = tidy(dialect, text);
    let tokens = lex_significant(dialect, text);
    let first = tokens.first()?;
    if tokens.iter().any(|it| !it.terminated) {
        return Some("a text, a name or a comment in it has no end");
    }
    if first.is_word(text, "CREATE") {
        return Some("it begins with `CREATE`; write what stands behind the name alone");
    }
    let head = match name {
        RoutineName::Trigger(..) if when => {
            if !TIMES.iter().any(|it| first.is_word(text, it)) {
                return Some(
                    "it says nothing of what sets it off; begin with `BEFORE`, `AFTER` or `INSTEAD OF`",
                );
            }
            if tokens.iter().any(|it| it.is_word(text, "ON")) {
                return Some("it names a table; leave `ON` and the table out");
            }
            return None;
        }
        RoutineName::Trigger(..) => {
            if first.is_word(text, "ON") || TIMES.iter().any(|it| first.is_word(text, it)) {
                return Some(
                    "it begins with what sets it off; write that as `when`, and here what stands \
                     behind the table",
                );
            }
            "CREATE TRIGGER a AFTER INSERT ON b "
        }
        RoutineName::Function(_) | RoutineName::Procedure(_) if !first.is_symbol(text, '(') => {
            return Some(
                "it begins with no `(`; begin with the arguments, `()` where it takes none",
            );
        }
        RoutineName::Function(_) => "CREATE FUNCTION a",
        RoutineName::Procedure(_) => "CREATE PROCEDURE a",
    };
    match split(dialect, &format!("{head}{text}")) {
        Ok(pieces) if pieces.len() == 1 => None,
        Ok(_) => Some("it holds more than one statement; put them between `BEGIN` and `END`"),
        Err(_) => Some("its end can't be told; is there an `END` to each `BEGIN`?"),
    }
}

/// A routine as a database keeps it; `None` where it goes without. What the database itself makes of
/// a text is its own affair where it doesn't keep it as it was written.
pub(super) fn normal_routine(
    dialect: &Dialect,
    routine: &Routine,
    own: impl Fn(&Name) -> Name,
) -> Option<Routine> {
    let text = |it: &PerDatabase| dialect.text(it).map(|it| tidy(dialect, it).to_owned());
    let definition = text(&routine.definition);
    if definition.as_deref() == Some("") {
        return None;
    }
    let name = match &routine.name {
        RoutineName::Function(it) => RoutineName::Function(own(it)),
        RoutineName::Procedure(it) => RoutineName::Procedure(own(it)),
        RoutineName::Trigger(table, it) => {
            RoutineName::Trigger(own(table), (dialect.keeping.name)(it))
        }
    };
    let is_trigger = routine.name.table().is_some();
    if !is_trigger && dialect.routines.no_functions.is_some() {
        return None;
    }
    let definition = match definition {
        Some(definition) if is_trigger && dialect.routines.triggers_as_written => {
            let when = routine.when.as_ref().and_then(text).unwrap_or_default();
            let whole = format!("{when} {}", without_order(dialect, &definition));
            PerDatabase::all(blunt_query(dialect, &whole))
        }
        _ => PerDatabase::default(),
    };
    Some(Routine { name, when: None, definition })
}

/// A trigger's text without the word of which other one it comes behind: that is no part of it in the
/// catalog, which numbers them.
fn without_order(dialect: &Dialect, text: &str) -> String {
    let tokens = lex_significant(dialect, text);
    let row = ["FOR", "EACH", "ROW"];
    let begins = row.iter().zip(&tokens).all(|(word, it)| it.is_word(text, word));
    let order = |it: &Token| it.is_word(text, "FOLLOWS") || it.is_word(text, "PRECEDES");
    match tokens.get(3..5) {
        Some([word, name]) if begins && order(word) => {
            let head = text.get(..word.start).unwrap_or_default();
            format!("{head}{}", text.get(name.end..).unwrap_or_default())
        }
        _ => text.to_owned(),
    }
}

/// Reads a statement that creates a trigger, a function or a procedure of this name; `None` for one
/// that says what there are no words for.
pub fn routine_in(dialect: &Dialect, name: RoutineName, text: &str) -> Option<Routine> {
    if split(dialect, text).ok()?.len() != 1 {
        return None;
    }
    let text = tidy(dialect, text);
    let tokens = lex_significant(dialect, text);
    let kind = name.kind().to_uppercase();
    let at = tokens.iter().position(|it| it.is_word(text, &kind))?;
    let special = ["CONSTRAINT", "TEMP", "TEMPORARY", "AGGREGATE"];
    if tokens[..at].iter().any(|it| special.iter().any(|word| it.is_word(text, word))) {
        return None;
    }
    let guard = ["IF", "NOT", "EXISTS"];
    let guarded = guard.iter().zip(&tokens[at + 1..]).all(|(word, it)| it.is_word(text, word));
    let behind = behind_name(text, &tokens, if guarded { at + 4 } else { at + 1 })?;
    let from = |at: usize| Some(text.get(tokens.get(at)?.start..)?.trim().to_owned());
    let RoutineName::Trigger(..) = &name else {
        let definition = PerDatabase::all(from(behind)?);
        return Some(Routine { name, when: None, definition });
    };
    let on = (behind..tokens.len()).find(|it| tokens[*it].is_word(text, "ON"))?;
    let when = text.get(tokens[behind].start..tokens[on].start)?.trim().to_owned();
    let definition = from(behind_name(text, &tokens, on + 1)?)?;
    let (when, definition) = (PerDatabase::all(when), PerDatabase::all(definition));
    Some(Routine { name, when: Some(when), definition })
}

/// The token behind `a` or `a.b`, which begins at another.
fn behind_name(text: &str, tokens: &[Token], at: usize) -> Option<usize> {
    let dotted = tokens.get(at + 1)?.is_symbol(text, '.');
    Some(if dotted { at + 3 } else { at + 1 })
}

/// The tokens of the arguments of a function, without the parentheses around, and what is behind.
fn taken_apart<'t>(text: &str, tokens: &'t [Token]) -> Option<(&'t [Token], &'t [Token])> {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate() {
        if token.is_symbol(text, '(') {
            depth += 1;
        } else if token.is_symbol(text, ')') {
            depth = depth.checked_sub(1)?;
        }
        if depth == 0 {
            return Some((tokens.get(1..at)?, tokens.get(at + 1..)?));
        }
    }
    None
}

/// The arguments of a function, as they tell it from others: without their defaults.
fn arguments(dialect: &Dialect, definition: &str) -> Option<String> {
    let tokens = lex_significant(dialect, definition);
    let (inside, _) = taken_apart(definition, &tokens)?;
    let (mut all, mut depth, mut skips) = (vec![String::new()], 0_usize, false);
    let mut end = 0;
    for token in inside {
        if token.is_symbol(definition, '(') || token.is_symbol(definition, '[') {
            depth += 1;
        } else if token.is_symbol(definition, ')') || token.is_symbol(definition, ']') {
            depth = depth.saturating_sub(1);
        }
        if depth == 0 && token.is_symbol(definition, ',') {
            all.push(String::new());
            skips = false;
            end = token.end;
            continue;
        }
        let default = token.is_word(definition, "DEFAULT") || token.is_symbol(definition, '=');
        skips |= depth == 0 && default;
        if let (false, Some(argument)) = (skips, all.last_mut()) {
            if !argument.is_empty() && end < token.start {
                argument.push(' ');
            }
            argument.push_str(token.text(definition));
        }
        end = token.end;
    }
    Some(format!("({})", all.join(", ")))
}

/// What a function takes and returns, in words of which equal ones mean the same; `None` where that
/// can't be told.
fn head(dialect: &Dialect, definition: &str) -> Option<String> {
    let tokens = lex_significant(dialect, definition);
    let (inside, rest) = taken_apart(definition, &tokens)?;
    let text_of = |of: &[Token]| {
        let range = of.first().map_or(0, |it| it.start)..of.last().map_or(0, |it| it.end);
        blunt_query(dialect, definition.get(range).unwrap_or_default())
    };
    let arguments = text_of(inside);
    let ends = |it: &Token| OPTIONS.iter().any(|word| it.is_word(definition, word));
    let end = rest.iter().position(ends).unwrap_or(rest.len());
    let returns = rest.iter().position(|it| it.is_word(definition, "RETURNS"));
    match returns {
        None => Some(arguments),
        // `RETURNS` has to come first to be told from `RETURNS NULL ON NULL INPUT`.
        Some(0) => Some(format!("{arguments} {}", text_of(&rest[..end]))),
        Some(_) => None,
    }
}

/// The words with which an option of a function begins (PostgreSQL, "CREATE FUNCTION").
const OPTIONS: &[&str] = &[
    "LANGUAGE",
    "TRANSFORM",
    "WINDOW",
    "IMMUTABLE",
    "STABLE",
    "VOLATILE",
    "NOT",
    "LEAKPROOF",
    "CALLED",
    "STRICT",
    "EXTERNAL",
    "SECURITY",
    "PARALLEL",
    "COST",
    "ROWS",
    "SUPPORT",
    "SET",
    "AS",
    "RETURN",
    "BEGIN",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::{MARIADB, MYSQL, POSTGRES, SQLITE};

    fn function(definition: &str) -> Routine {
        Routine::function("f", PerDatabase::all(definition))
    }

    fn trigger(when: &str, definition: &str) -> Routine {
        Routine::trigger("t", "log", PerDatabase::all(when), PerDatabase::all(definition))
    }

    fn sql(statements: Result<Vec<Statement>, Unsupported>) -> Vec<String> {
        let statements = statements.unwrap_or_else(|it| panic!("{it}"));
        let text = |it: &Statement| match &it.body {
            super::super::Body::Text(text) => text.clone(),
            other => panic!("{other:?}"),
        };
        statements.iter().map(text).collect()
    }

    #[test]
    fn who_drops_a_function_says_its_arguments_without_defaults() {
        for (definition, wanted) in [
            ("() RETURNS int AS 'x'", "DROP FUNCTION \"f\"()"),
            ("(a int, b text DEFAULT 'x, y') AS 'x'", "DROP FUNCTION \"f\"(a int, b text)"),
            (
                "(IN a numeric(10, 2) = f(1, 2), VARIADIC b text[]) AS ''",
                "DROP FUNCTION \"f\"(IN a numeric(10, 2), VARIADIC b text[])",
            ),
        ] {
            let dropped = drop_routine(&POSTGRES, &function(definition));
            assert_eq!(sql(dropped.map(|it| it.into_iter().collect())), [wanted]);
        }
        let dropped = drop_routine(&MYSQL, &function("(a INT) RETURNS INT RETURN a"));
        assert_eq!(sql(dropped.map(|it| it.into_iter().collect())), ["DROP FUNCTION `f`"]);
    }

    #[test]
    fn a_function_is_replaced_where_it_takes_and_returns_the_same() {
        let old = function("(a int) RETURNS int LANGUAGE sql AS 'SELECT a'");
        for (new, replaced) in [
            ("( A int )\nRETURNS int STABLE LANGUAGE sql AS 'SELECT a + 1'", true),
            ("(a int) RETURNS bigint LANGUAGE sql AS 'SELECT a'", false),
            ("(b int) RETURNS int LANGUAGE sql AS 'SELECT b'", false),
            ("(a int, b int) RETURNS int LANGUAGE sql AS 'SELECT a'", false),
            ("(a int) LANGUAGE sql RETURNS int AS 'SELECT a'", false),
        ] {
            let new = function(new);
            assert_eq!(replaces_routine(&POSTGRES, &old, &new), replaced, "{new:?}");
            assert!(
                replaces_routine(&MARIADB, &old, &new) && !replaces_routine(&MYSQL, &old, &new)
            );
            let altered = sql(alter_routine(&POSTGRES, &Schema::default(), &old, &new));
            assert_eq!(altered.len(), if replaced { 1 } else { 2 });
        }
    }

    #[test]
    fn what_is_no_routine_is_told() {
        let row = "FOR EACH ROW BEGIN SELECT 1; SELECT 2; END";
        assert_eq!(
            create_routine(&MYSQL, &Schema::default(), &trigger("AFTER INSERT", row))
                .map(|it| it.len()),
            Ok(1)
        );
        for (when, definition) in [
            ("INSERT OR ON", row),
            ("ON t", row),
            ("FOR EACH ROW", row),
            ("", row),
            ("AFTER INSERT", "FOR EACH ROW SET @a = 1; DROP TABLE a"),
            ("AFTER INSERT", "AFTER INSERT ON t FOR EACH ROW SET @a = 1"),
            ("AFTER INSERT", "CREATE TRIGGER x AFTER INSERT ON t FOR EACH ROW SET @a = 1"),
            ("AFTER INSERT", "FOR EACH ROW SET @a = 'x"),
        ] {
            let made = create_routine(&MYSQL, &Schema::default(), &trigger(when, definition));
            assert!(made.is_err(), "{when} {definition}: {made:?}");
        }
        for definition in ["RETURNS int RETURN 1", "CREATE FUNCTION f() RETURNS int RETURN 1"] {
            assert!(create_routine(&MYSQL, &Schema::default(), &function(definition)).is_err());
        }
        let made = create_routine(&SQLITE, &Schema::default(), &function("() RETURNS int"));
        assert!(made.is_err_and(|it| it.to_string().contains("sqlite: \"\"")));
        assert_eq!(create_routine(&SQLITE, &Schema::default(), &function("")), Ok(vec![]));
    }

    #[test]
    fn a_routine_is_found_in_its_text() {
        let name = RoutineName::Trigger(Name::new("t"), "log".to_owned());
        for (dialect, text, when, definition) in [
            (
                &SQLITE,
                "CREATE TRIGGER IF NOT EXISTS main.log AFTER UPDATE OF a, \"on\" ON t WHEN new.a > 1 BEGIN SELECT 1; END",
                "AFTER UPDATE OF a, \"on\"",
                "WHEN new.a > 1 BEGIN SELECT 1; END",
            ),
            (
                &MYSQL,
                "CREATE DEFINER=`trigger`@`%` TRIGGER `log` BEFORE INSERT ON `t` FOR EACH ROW SET @a = 1",
                "BEFORE INSERT",
                "FOR EACH ROW SET @a = 1",
            ),
            (
                &POSTGRES,
                "CREATE TRIGGER log AFTER INSERT OR UPDATE ON public.t FOR EACH ROW EXECUTE FUNCTION f()",
                "AFTER INSERT OR UPDATE",
                "FOR EACH ROW EXECUTE FUNCTION f()",
            ),
        ] {
            let found = routine_in(dialect, name.clone(), text).expect("it is one");
            assert_eq!(found, trigger(when, definition));
        }
        for text in [
            "CREATE CONSTRAINT TRIGGER log AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()",
            "CREATE TRIGGER log AFTER INSERT ON t EXECUTE FUNCTION f(); ALTER TABLE t DISABLE TRIGGER log",
        ] {
            assert_eq!(routine_in(&POSTGRES, name.clone(), text), None);
        }
        let text = "CREATE OR REPLACE FUNCTION public.f(a bigint)\n RETURNS bigint AS $f$SELECT 1; SELECT 2$f$";
        let found = routine_in(&POSTGRES, RoutineName::Function(Name::new("f")), text);
        let wanted = function("(a bigint)\n RETURNS bigint AS $f$SELECT 1; SELECT 2$f$");
        assert_eq!(found, Some(wanted));
    }

    #[test]
    fn the_order_of_triggers_is_no_part_of_them() {
        let normal = |definition: &str| {
            normal_routine(&MYSQL, &trigger("AFTER INSERT", definition), Name::clone)
        };
        let plain = normal("FOR EACH ROW SET @a = 1");
        assert!(plain.is_some());
        assert_eq!(normal("for each row FOLLOWS `other` set @a=1;"), plain);
        assert_ne!(normal("FOR EACH ROW SET @a = 2"), plain);
        assert_eq!(normal(" "), None);
    }

    #[test]
    fn routines_stand_behind_those_that_they_speak_of() {
        let of = |name: &str, text: &str| Routine::function(name, PerDatabase::all(text));
        let all = [
            of("a", "() AS $$SELECT b()$$"),
            of("b", "() [C]()"),
            of("c", "()"),
            of("d", "() e()"),
            of("e", "() d()"),
        ];
        let ordered: Vec<&str> = routines_in_order(&all).iter().map(|it| it.name.own()).collect();
        assert_eq!(ordered, ["c", "b", "a", "d", "e"]);
    }
}
