//! Views as SQL: the statements that make them, and their queries as far as they have to be read.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Kind, Statement, absent, check_table_name,
    expression::is_reserved,
    lexer::{Token, TokenKind, lex, lex_significant},
    present,
    routine::create_routine,
};
use crate::{
    dialect::{ALL, AlterView, Dialect, Object, Unsupported},
    schema::{Name, PerDatabase, Schema, View},
};

/// The names that a query speaks of, in lower case, by the rules of whichever database it may be for:
/// tables, views, columns, functions and words of the language alike.
pub fn spoken_of(query: &PerDatabase) -> BTreeSet<String> {
    let otherwise = query.otherwise.iter().flat_map(|text| ALL.iter().map(move |it| (*it, text)));
    let own = query.texts.iter().flat_map(|(database, text)| {
        let of = ALL.iter().filter(move |it| it.databases.contains(database));
        of.map(move |it| (*it, text))
    });
    let mut names = BTreeSet::new();
    for (dialect, text) in own.chain(otherwise) {
        let tokens = lex_significant(dialect, text);
        names.extend(tokens.iter().filter_map(|it| it.name(dialect, text)).map(|it| lower(&it)));
    }
    names
}

fn lower(name: &str) -> String {
    name.to_lowercase()
}

/// Whether a query takes in all columns of something, whatever they are called: `*`, or a row as a
/// whole. `count(*)` counts as such, too.
pub fn takes_all(query: &PerDatabase) -> bool {
    let texts = query.texts.iter().map(|(_, it)| it).chain(&query.otherwise);
    let says = |it: &String| it.contains('*') || lower(it).contains("natural");
    texts.into_iter().any(says)
}

/// Whether two queries say the same in the same words, however they are laid out.
pub fn same_query(one: &PerDatabase, other: &PerDatabase) -> bool {
    let same = |dialect: &Dialect, one: &str, other: &str| {
        let (one, other) = (tidy(dialect, one), tidy(dialect, other));
        let (these, those) = (lex_significant(dialect, one), lex_significant(dialect, other));
        these.iter().map(|it| it.text(one)).eq(those.iter().map(|it| it.text(other)))
    };
    let of = |database| ALL.iter().find(move |it| it.databases.contains(database));
    let own = one.texts.len() == other.texts.len()
        && one.texts.iter().zip(&other.texts).all(|((database, one), (other_one, other))| {
            database == other_one && of(database).is_some_and(|it| same(it, one, other))
        });
    let otherwise = match (&one.otherwise, &other.otherwise) {
        (Some(one), Some(other)) => ALL.iter().all(|it| same(it, one, other)),
        (one, other) => one == other,
    };
    one == other || (own && otherwise)
}

/// These views, each behind those that its query speaks of.
pub fn in_order<'v>(views: impl IntoIterator<Item = &'v View>) -> Vec<&'v View> {
    let views: Vec<(&View, BTreeSet<String>)> =
        views.into_iter().map(|it| (it, spoken_of(&it.query))).collect();
    let mut places: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, (view, _)) in views.iter().enumerate() {
        places.entry(lower(&view.name.name)).or_default().push(at);
    }
    let mut ordered = Vec::with_capacity(views.len());
    let mut seen = vec![false; views.len()];
    for at in 0..views.len() {
        visit(at, &views, &places, &mut seen, &mut ordered);
    }
    ordered
}

/// Puts a view behind what it speaks of. Those that speak of each other in a circle, as names may
/// mean something else, stand in any order.
fn visit<'v>(
    at: usize,
    views: &[(&'v View, BTreeSet<String>)],
    places: &BTreeMap<String, Vec<usize>>,
    seen: &mut [bool],
    ordered: &mut Vec<&'v View>,
) {
    if std::mem::replace(&mut seen[at], true) {
        return;
    }
    let (view, names) = &views[at];
    for other in names.iter().filter_map(|it| places.get(it)).flatten() {
        visit(*other, views, places, seen, ordered);
    }
    ordered.push(view);
}

/// The views that rest on this one, by what their queries speak of, also by way of others: each
/// behind those that it speaks of.
pub fn resting_on<'s>(schema: &'s Schema, view: &Name) -> Vec<&'s View> {
    let mut on: BTreeSet<String> = [lower(&view.name)].into();
    let mut resting = in_order(schema.views.values());
    resting.retain(|it| {
        let rests = it.name != *view && !on.is_disjoint(&spoken_of(&it.query));
        if rests {
            on.insert(lower(&it.name.name));
        }
        rests
    });
    resting
}

/// The statements that create a view; none on a database that goes without.
pub fn create_view(dialect: &Dialect, view: &View) -> Result<Vec<Statement>, Unsupported> {
    check_table_name(dialect, &view.name)?;
    let Some(query) = query_of(dialect, view)? else { return Ok(vec![]) };
    if let (true, Some(because)) = (view.materialized, dialect.views.no_rows) {
        return Err(Unsupported::new(format!("the materialized view `{}`", view.name), because));
    }
    let name = dialect.quote_name(&view.name);
    let text = format!("CREATE {} {name} AS\n{query}", word(view));
    let mut statements = vec![Statement::schema(text, [present(object(view))])];
    statements.extend(read_once(dialect, &view.name));
    Ok(statements)
}

/// The statement that drops a view; `None` on a database that goes without.
pub fn drop_view(dialect: &Dialect, view: &View) -> Result<Option<Statement>, Unsupported> {
    let Some(_) = query_of(dialect, view)? else { return Ok(None) };
    let text = format!("DROP {} {}", word(view), dialect.quote_name(&view.name));
    Ok(Some(Statement::schema(text, [absent(object(view))])))
}

/// The statements that give a view another query.
pub fn alter_view(
    dialect: &Dialect,
    before: &Schema,
    old: &View,
    new: &View,
) -> Result<Vec<Statement>, Unsupported> {
    if replaces(dialect, before, old, new) {
        let Some(query) = query_of(dialect, new)? else { return Ok(vec![]) };
        let name = dialect.quote_name(&new.name);
        let text = format!("CREATE OR REPLACE VIEW {name} AS\n{query}");
        // The same a second time.
        return Ok(vec![Statement { kind: Kind::Repeatable, ..Statement::schema(text, []) }]);
    }
    let resting = if dialect.views.as_written { vec![] } else { resting_on(before, &old.name) };
    let mut statements = Vec::new();
    for other in resting.iter().rev() {
        statements.extend(drop_view(dialect, other)?);
    }
    statements.extend(drop_view(dialect, old)?);
    statements.extend(create_view(dialect, new)?);
    statements.extend(triggers(dialect, before, &new.name)?);
    for other in resting {
        statements.extend(create_view(dialect, other)?);
        statements.extend(triggers(dialect, before, &other.name)?);
    }
    Ok(statements)
}

/// The statements that create the triggers of a view anew, which have gone with it.
fn triggers(
    dialect: &Dialect,
    schema: &Schema,
    view: &Name,
) -> Result<Vec<Statement>, Unsupported> {
    let all = schema.triggers_of(view).map(|it| create_routine(dialect, schema, it));
    all.collect::<Result<Vec<_>, _>>().map(|it| it.concat())
}

/// Whether a view's new query is put in the old one's place, so that what hangs on the view stays.
pub fn replaces(dialect: &Dialect, before: &Schema, old: &View, new: &View) -> bool {
    let has = |it: &View| query_of(dialect, it).is_ok_and(|it| it.is_some());
    if !has(old) || !has(new) {
        // There is nothing on one of the sides.
        return false;
    }
    match dialect.views.alter {
        AlterView::Replace => true,
        AlterView::Anew => false,
        AlterView::ReplaceWithColumns => {
            !old.materialized && keeps_columns(dialect, before, old, new)
        }
    }
}

/// Whether the new query surely has the old one's columns before its others, of the same types: they
/// are said in the same words, and come from no other tables.
fn keeps_columns(dialect: &Dialect, before: &Schema, old: &View, new: &View) -> bool {
    let (Some(was), Some(is)) = (dialect.text(&old.query), dialect.text(&new.query)) else {
        return false;
    };
    let (Some(columns), Some(now)) = (outputs(dialect, was), outputs(dialect, is)) else {
        return false;
    };
    let names: BTreeSet<String> =
        spoken_of(&new.query).into_iter().chain([lower(&new.name.name)]).collect();
    let sources = before.tables().map(|it| &it.name).chain(before.views.keys());
    let spoken = spoken_of(&old.query);
    let mut left = sources.map(|it| lower(&it.name)).filter(|it| spoken.contains(it));
    now.starts_with(&columns) && left.all(|it| names.contains(&it))
}

/// What may be said of every database about a change, as a migration is for all of them.
pub fn keeps_its_columns(before: &Schema, old: &View, new: &View) -> bool {
    let mut choosy = ALL.iter().filter(|it| it.views.alter == AlterView::ReplaceWithColumns);
    choosy.all(|dialect| {
        let has = |it: &View| query_of(dialect, it).is_ok_and(|it| it.is_some());
        !has(old) || replaces(dialect, before, old, new)
    })
}

/// The words that end a list of columns.
const ENDS: &[&str] = &[
    "FROM",
    "WHERE",
    "GROUP",
    "HAVING",
    "WINDOW",
    "UNION",
    "INTERSECT",
    "EXCEPT",
    "ORDER",
    "LIMIT",
    "OFFSET",
    "FETCH",
    "FOR",
    "INTO",
    "ON",
];

/// How each column of a query is said, with the name that it gets; `None` where that can't be told
/// for all of them.
fn outputs(dialect: &Dialect, query: &str) -> Option<Vec<String>> {
    let tokens = lex_significant(dialect, query);
    let (mut depth, mut from) = (0_usize, None);
    for (at, token) in tokens.iter().enumerate() {
        if token.is_symbol(query, '(') {
            depth += 1;
        } else if token.is_symbol(query, ')') {
            depth = depth.saturating_sub(1);
        } else if depth == 0 && token.is_word(query, "SELECT") {
            from = Some(at + 1);
            break;
        }
    }
    let rest = tokens.get(from?..)?;
    let rest = match rest.first()? {
        it if it.is_word(query, "DISTINCT") || it.is_word(query, "ALL") => &rest[1..],
        _ => rest,
    };
    let mut items: Vec<Vec<&Token>> = vec![vec![]];
    depth = 0;
    for token in rest {
        if token.is_symbol(query, '(') {
            depth += 1;
        } else if token.is_symbol(query, ')') {
            depth = depth.saturating_sub(1);
        }
        if depth == 0 && ENDS.iter().any(|it| token.is_word(query, it)) {
            break;
        }
        if depth == 0 && token.is_symbol(query, ',') {
            items.push(vec![]);
        } else if let Some(item) = items.last_mut() {
            item.push(token);
        }
    }
    items.iter().map(|it| output(dialect, query, it)).collect()
}

/// One column: its words in a row where it surely has a name of its own.
fn output(dialect: &Dialect, query: &str, item: &[&Token]) -> Option<String> {
    let (last, before) = item.split_last()?;
    let name = last.name(dialect, query)?;
    let is_name = last.kind == TokenKind::QuotedName || !is_reserved(&name);
    let alone = match before {
        [] => is_name,
        [.., it] => it.is_symbol(query, '.') || it.is_word(query, "AS"),
    };
    // A star says nothing of what it stands for.
    let starred = item.iter().any(|it| it.is_symbol(query, '*'));
    let words = item.iter().map(|it| plain(dialect, query, it));
    (alone && !starred).then(|| words.collect::<Vec<_>>().join(" "))
}

/// A token, written so that equal texts mean the same.
fn plain(dialect: &Dialect, source: &str, token: &Token) -> String {
    match token.kind {
        TokenKind::Word => lower(token.text(source)),
        TokenKind::QuotedName => match token.name(dialect, source) {
            Some(it) if super::expression::is_plain(&it) => it,
            _ => token.text(source).to_owned(),
        },
        _ => token.text(source).to_owned(),
    }
}

/// A query, written so that equal texts are equal queries: without comments, with single blanks, and
/// with words in one case.
pub fn blunt_query(dialect: &Dialect, query: &str) -> String {
    let is_operator = |it: char| "<>=!|-+/%&~:@#^".contains(it);
    let (mut text, mut end) = (String::new(), 0);
    for token in lex_significant(dialect, query) {
        let plain = plain(dialect, query, &token);
        // The signs of an operator stand together.
        let goes_on =
            end == token.start && text.ends_with(is_operator) && plain.starts_with(is_operator);
        if !text.is_empty() && !goes_on {
            text.push(' ');
        }
        text += &plain;
        end = token.end;
    }
    text.trim_end_matches([';', ' ']).to_owned()
}

/// A view as a database keeps it; `None` where it goes without. What the database itself makes of a
/// query is its own affair where it keeps no text.
pub(super) fn normal_view(dialect: &Dialect, view: &View, name: Name) -> Option<View> {
    let text = dialect.text(&view.query).map(|it| tidy(dialect, it));
    if text == Some("") {
        return None;
    }
    let text = text.filter(|_| dialect.views.as_written).map(|it| blunt_query(dialect, it));
    let query = text.map(PerDatabase::all).unwrap_or_default();
    Some(View { name, query, materialized: view.materialized })
}

/// What stands behind `AS` in a `CREATE VIEW`; `None` where the columns get other names before.
pub fn query_in(dialect: &Dialect, text: &str) -> Option<String> {
    let tokens = lex_significant(dialect, text);
    let at = tokens.iter().position(|it| it.is_word(text, "AS"))?;
    let named = tokens[..at].iter().any(|it| it.is_symbol(text, '('));
    let query = text.get(tokens[at].end..)?;
    (!named).then(|| tidy(dialect, query).to_owned())
}

/// The query without what ends it.
pub(super) fn tidy<'q>(dialect: &Dialect, query: &'q str) -> &'q str {
    let tokens = lex(dialect, query);
    let ends = |it: &Token| it.is_symbol(query, ';') || it.kind == TokenKind::Comment;
    let blank = |it: &Token| it.kind == TokenKind::Whitespace || ends(it);
    let begin = tokens.iter().find(|it| it.kind != TokenKind::Whitespace).map_or(0, |it| it.start);
    let end = tokens.iter().rev().find(|it| !blank(it)).map_or(begin, |it| it.end);
    query.get(begin..end).unwrap_or(query)
}

/// Why a text is no query, where that can be seen.
pub fn no_query(dialect: &Dialect, query: &str) -> Option<&'static str> {
    let text = tidy(dialect, query);
    let tokens = lex(dialect, text);
    if tokens.iter().any(|it| it.is_symbol(text, ';')) {
        return Some("it holds more than one statement; leave the `;` out");
    }
    if tokens.iter().any(|it| !it.terminated) {
        return Some("a text, a name or a comment in it has no end");
    }
    let words = ["SELECT", "WITH", "VALUES", "TABLE"];
    let first = tokens.iter().find(|it| !it.is_blank());
    let begins = first.is_none_or(|it| {
        it.is_symbol(text, '(') || words.iter().any(|word| it.is_word(text, word))
    });
    (!begins).then_some("it begins with no `SELECT`; write the query alone")
}

/// The view's query here; `None` on a database that goes without.
fn query_of<'v>(dialect: &Dialect, view: &'v View) -> Result<Option<&'v str>, Unsupported> {
    let what = || format!("the view `{}`", view.name);
    let Some(text) = dialect.text(&view.query) else {
        let because = format!(
            "nothing is said for {}; add its query, or an empty one where it is to go without",
            dialect.product
        );
        return Err(Unsupported::new(what(), because));
    };
    if let Some(because) = no_query(dialect, text) {
        return Err(Unsupported::new(what(), because));
    }
    Ok(Some(tidy(dialect, text)).filter(|it| !it.is_empty()))
}

const fn word(view: &View) -> &'static str {
    if view.materialized { "MATERIALIZED VIEW" } else { "VIEW" }
}

fn object(view: &View) -> Object {
    let name = view.name.clone();
    if view.materialized { Object::MaterializedView(name) } else { Object::View(name) }
}

/// Where a query is only kept as a text, one that can't be read is to be found out at once.
fn read_once(dialect: &Dialect, view: &Name) -> Option<Statement> {
    let text = || format!("SELECT * FROM {} LIMIT 0", dialect.quote_name(view));
    let as_written = dialect.views.as_written;
    as_written.then(|| Statement { kind: Kind::Nothing, ..Statement::schema(text(), []) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::{MYSQL, POSTGRES, SQLITE};
    use whimbrel_migration::{bigint, table};

    fn view(name: &str, query: &str) -> View {
        View::new(name, PerDatabase::all(query))
    }

    fn schema() -> Schema {
        let of = |name: &str| table(name).column("id", bigint()).column("total", bigint());
        Schema::from_iter([of("orders"), of("customers")])
    }

    #[test]
    fn a_query_takes_the_place_of_another_where_it_surely_has_its_columns() {
        let replaced =
            |old: &str, new: &str| replaces(&POSTGRES, &schema(), &view("v", old), &view("v", new));
        for (old, new) in [
            ("SELECT id FROM orders", "select  id FROM orders WHERE total > 1"),
            ("SELECT id FROM orders", "SELECT \"id\", total AS t FROM orders;"),
            (
                "SELECT o.id, sum(total) AS s FROM orders o GROUP BY 1",
                "SELECT o.id, sum(total) AS s, 'a, b' AS c FROM orders o JOIN customers c ON true",
            ),
            (
                "WITH x AS (SELECT 1 AS a) SELECT a FROM x",
                "WITH x AS (SELECT 1 AS a, 2 AS b) SELECT a FROM x",
            ),
        ] {
            assert!(replaced(old, new), "{old} → {new}");
            assert!(replaces(&MYSQL, &schema(), &view("v", old), &view("v", new)));
            assert!(!replaces(&SQLITE, &schema(), &view("v", old), &view("v", new)));
        }
        for (old, new) in [
            ("SELECT id, total FROM orders", "SELECT id FROM orders"),
            ("SELECT id, total FROM orders", "SELECT total, id FROM orders"),
            ("SELECT id, total FROM orders", "SELECT id, total * 2 AS total FROM orders"),
            ("SELECT id FROM orders", "SELECT id FROM customers"),
            ("SELECT * FROM orders", "SELECT * FROM orders WHERE id > 1"),
            ("SELECT id, 1 FROM orders", "SELECT id, 1 FROM orders WHERE id > 1"),
            ("SELECT total t FROM orders", "SELECT total t, id FROM orders"),
            ("(SELECT id FROM orders)", "(SELECT id FROM orders) LIMIT 1"),
        ] {
            assert!(!replaced(old, new), "{old} → {new}");
        }
    }

    #[test]
    fn views_stand_behind_those_that_they_speak_of() {
        let views = [
            view("a", "SELECT * FROM c"),
            view("b", "SELECT 1"),
            view("c", "SELECT * FROM [B]"),
            view("d", "SELECT d FROM e"),
            view("e", "SELECT e FROM d"),
        ];
        let ordered: Vec<&str> = in_order(&views).iter().map(|it| &*it.name.name).collect();
        assert_eq!(ordered, ["b", "c", "a", "e", "d"]);
        let mut schema = schema();
        schema.views = views.into_iter().map(|it| (it.name.clone(), it)).collect();
        let on: Vec<_> = resting_on(&schema, &Name::new("b")).iter().map(|it| &it.name).collect();
        assert_eq!(on, [&Name::new("c"), &Name::new("a")]);
    }

    #[test]
    fn what_is_no_query_is_told() {
        for text in ["SELECT 1; DROP TABLE a", "SELECT 'a", "DELETE FROM a", "CREATE VIEW a"] {
            assert!(no_query(&POSTGRES, text).is_some(), "{text}");
            assert!(create_view(&POSTGRES, &view("v", text)).is_err(), "{text}");
        }
        for text in
            ["SELECT 1;", " select ';' -- ;\n", "WITH a AS (SELECT 1) TABLE a", "", "(VALUES (1))"]
        {
            assert_eq!(no_query(&POSTGRES, text), None, "{text}");
        }
        assert_eq!(create_view(&POSTGRES, &view("v", " ; ")), Ok(vec![]));
        let own = PerDatabase { otherwise: None, ..PerDatabase::default() };
        assert!(create_view(&POSTGRES, &View::new("v", own)).is_err());
    }

    #[test]
    fn the_query_of_a_view_is_found_in_its_text() {
        let text = "CREATE VIEW \"as\" AS\nSELECT  a AS b -- it\nFROM t;";
        let query = query_in(&SQLITE, text).expect("it has one");
        assert_eq!(query, "SELECT  a AS b -- it\nFROM t");
        assert_eq!(blunt_query(&SQLITE, &query), "select a as b from t");
        assert_eq!(query_in(&SQLITE, "CREATE VIEW v (a) AS SELECT 1"), None);
        let same = [
            ("a>=1", "a >= 1"),
            ("\"a\"||'B'", "A || 'B'"),
            ("f( a ,b )", "f(a, b)"),
            ("count( * )", "count(*)"),
        ];
        for (one, other) in same {
            assert_eq!(blunt_query(&SQLITE, one), blunt_query(&SQLITE, other));
        }
    }
}
