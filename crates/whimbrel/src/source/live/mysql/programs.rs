//! Views, triggers, routines and events.

use std::collections::{BTreeMap, BTreeSet};

use super::{super::routines::HIDDEN, Reading, ask};
use crate::{
    connection::{Connection, DatabaseError},
    schema::{Name, Opaque, PerDatabase, VIEW, View},
    sql::lexer::{Token, lex_significant},
};

impl Reading<'_> {
    pub(super) fn views(&mut self, connection: &mut dyn Connection) -> Result<(), DatabaseError> {
        let query = format!(
            "SELECT TABLE_NAME, VIEW_DEFINITION, CHECK_OPTION, DEFINER, SECURITY_TYPE, {} \
             FROM information_schema.VIEWS WHERE TABLE_SCHEMA = {} ORDER BY TABLE_NAME",
            self.words.algorithm,
            self.here()
        );
        let mut views = Vec::new();
        for mut row in ask(connection, &query)? {
            let (name, body, check) = (row.text(), row.text(), row.text());
            if body.is_empty() {
                return Err(self.hidden(&format!("how view `{name}` is made"), "SHOW VIEW"));
            }
            let definer = self.account(&row.text());
            let (security, algorithm) = (row.text(), row.optional());
            let algorithm = match algorithm {
                Some(it) if it != "UNDEFINED" => format!("ALGORITHM={it} "),
                _ => String::new(),
            };
            let check = match check.as_str() {
                "" | "NONE" => String::new(),
                it => format!(" WITH {it} CHECK OPTION"),
            };
            let invoker = if security == "INVOKER" { "SQL SECURITY INVOKER" } else { "" };
            let definition = format!(
                "CREATE {algorithm}DEFINER={definer} SQL SECURITY {security} VIEW {} AS {body}{check}",
                self.dialect.quote(&name)
            );
            for option in [algorithm.as_str(), check.as_str(), invoker] {
                if !option.is_empty() {
                    self.note_own("view option", &name, option.trim());
                }
            }
            views.push((name, definition, body));
        }
        let names: BTreeSet<Name> = views.iter().map(|(name, ..)| self.name(name)).collect();
        for (name, definition, body) in views {
            let depends_on = self.spoken_of(&body, &names);
            let name = self.name(&name);
            let query = PerDatabase::all(self.without_namespace(&body, &depends_on));
            self.views.insert(name.clone(), View::new(name.clone(), query));
            let view = Opaque::new(VIEW, name, definition);
            self.opaque.push(Opaque { depends_on, ..view });
        }
        Ok(())
    }

    /// A text without the connection's own namespace, which the catalog writes before each of these.
    fn without_namespace(&self, text: &str, named: &[Name]) -> String {
        let tokens = lex_significant(self.dialect, text);
        let name = |it: &Token| it.name(self.dialect, text);
        let (mut out, mut from) = (String::new(), 0);
        for of in tokens.windows(3) {
            let [namespace, dot, table] = of else { continue };
            let is_own =
                dot.is_symbol(text, '.') && name(namespace).is_some_and(|it| it == self.scope.own);
            let is_named = name(table).is_some_and(|it| named.contains(&Name::new(it)));
            if is_own && is_named && namespace.start >= from {
                out += text.get(from..namespace.start).unwrap_or_default();
                from = table.start;
            }
        }
        out + text.get(from..).unwrap_or_default()
    }

    /// The tables and views that a view's text names. The catalog writes each with its schema and
    /// in quotes.
    fn spoken_of(&self, text: &str, views: &BTreeSet<Name>) -> Vec<Name> {
        let tokens = lex_significant(self.dialect, text);
        let name = |it: &Token| it.name(self.dialect, text);
        let pair = |it: &[Token]| {
            let [namespace, dot, table] = it else { return None };
            if !dot.is_symbol(text, '.') {
                return None;
            }
            Some(self.scope.name(&name(namespace)?, &name(table)?))
        };
        let known = |it: &Name| {
            it.namespace.is_some() || self.tables.contains_key(it) || views.contains(it)
        };
        let found: BTreeSet<Name> = tokens.windows(3).filter_map(pair).filter(known).collect();
        // `table`.`column` looks alike; a table of another schema is one that the scope names.
        let of_scope = |it: &Name| {
            it.namespace.as_deref().is_none_or(|it| self.scope.namespaces().any(|own| own == it))
        };
        found.into_iter().filter(of_scope).collect()
    }

    pub(super) fn triggers(
        &mut self,
        connection: &mut dyn Connection,
    ) -> Result<(), DatabaseError> {
        let query = format!(
            "SELECT TRIGGER_NAME, EVENT_OBJECT_TABLE, ACTION_TIMING, EVENT_MANIPULATION, \
             ACTION_STATEMENT, DEFINER FROM information_schema.TRIGGERS \
             WHERE TRIGGER_SCHEMA = {} \
             ORDER BY EVENT_OBJECT_TABLE, ACTION_TIMING, EVENT_MANIPULATION, ACTION_ORDER",
            self.here()
        );
        // Which one comes after which is told where there are two of a kind.
        let mut last: BTreeMap<(Name, String), String> = BTreeMap::new();
        for mut row in ask(connection, &query)? {
            let (name, table) = (row.text(), self.name(&row.text()));
            let when = format!("{} {}", row.text(), row.text());
            let (body, definer) = (row.text(), self.account(&row.text()));
            let before = last.insert((table.clone(), when.clone()), name.clone());
            let follows = before.map(|it| format!(" FOLLOWS {}", self.dialect.quote(&it)));
            let definition = format!(
                "CREATE DEFINER={definer} TRIGGER {} {when} ON {} FOR EACH ROW{} {body}",
                self.dialect.quote(&name),
                self.dialect.quote(&table.name),
                follows.unwrap_or_default(),
            );
            self.note("trigger", &table, &name, definition);
        }
        Ok(())
    }

    pub(super) fn routines(
        &mut self,
        connection: &mut dyn Connection,
    ) -> Result<(), DatabaseError> {
        let mut parameters = self.parameters(connection)?;
        let query = format!(
            "SELECT ROUTINE_TYPE, SPECIFIC_NAME, ROUTINE_DEFINITION, DTD_IDENTIFIER, \
             IS_DETERMINISTIC, SQL_DATA_ACCESS, SECURITY_TYPE, ROUTINE_COMMENT, DEFINER, {} \
             FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = {} \
             ORDER BY ROUTINE_TYPE, SPECIFIC_NAME",
            self.words.language,
            self.here()
        );
        for mut row in ask(connection, &query)? {
            let (kind, name, body) = (row.text(), row.text(), row.optional());
            let returns = row.optional().filter(|_| kind == "FUNCTION");
            let deterministic = if row.flag() { " DETERMINISTIC" } else { "" };
            let (access, security, comment) = (row.text(), row.text(), row.text());
            let definer = self.account(&row.text());
            let language = row.optional().map(|it| format!(" LANGUAGE {it}"));
            let returns = returns.map(|it| format!(" RETURNS {it}")).unwrap_or_default();
            let comment = match comment.as_str() {
                "" => String::new(),
                it => format!(" COMMENT {}", self.dialect.literal(it)),
            };
            let parameters = parameters.remove(&(kind.clone(), name.clone()));
            let parameters = parameters.unwrap_or_default().join(", ");
            let parameters = match kind.as_str() {
                "FUNCTION" | "PROCEDURE" => format!("({parameters})"),
                _ => String::new(),
            };
            // The server shows the text to who made it or may alter it; others see that it is
            // there.
            let body = body.unwrap_or_else(|| HIDDEN.to_owned());
            let definition = format!(
                "CREATE DEFINER={definer} {kind} {}{parameters}{returns}{}{deterministic} {access} \
                 SQL SECURITY {security}{comment} {body}",
                self.dialect.quote(&name),
                language.unwrap_or_default(),
            );
            self.note_own(&kind.to_lowercase(), &name, definition);
        }
        Ok(())
    }

    /// The parameters of each routine, by its kind and name.
    fn parameters(
        &self,
        connection: &mut dyn Connection,
    ) -> Result<BTreeMap<(String, String), Vec<String>>, DatabaseError> {
        let query = format!(
            "SELECT ROUTINE_TYPE, SPECIFIC_NAME, PARAMETER_MODE, PARAMETER_NAME, DTD_IDENTIFIER \
             FROM information_schema.PARAMETERS \
             WHERE SPECIFIC_SCHEMA = {} AND ORDINAL_POSITION > 0 \
             ORDER BY ROUTINE_TYPE, SPECIFIC_NAME, ORDINAL_POSITION",
            self.here()
        );
        let mut parameters: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
        for mut row in ask(connection, &query)? {
            let (kind, routine, mode) = (row.text(), row.text(), row.optional());
            let mode = match mode {
                Some(it) if kind == "PROCEDURE" => format!("{it} "),
                _ => String::new(),
            };
            let text = format!("{mode}{} {}", self.dialect.quote(&row.text()), row.text());
            parameters.entry((kind, routine)).or_default().push(text);
        }
        Ok(parameters)
    }

    pub(super) fn events(&mut self, connection: &mut dyn Connection) -> Result<(), DatabaseError> {
        let query = format!(
            "SELECT EVENT_NAME, DEFINER, EVENT_DEFINITION, EXECUTE_AT, INTERVAL_VALUE, \
             INTERVAL_FIELD, STARTS, ENDS, STATUS, ON_COMPLETION, EVENT_COMMENT \
             FROM information_schema.EVENTS WHERE EVENT_SCHEMA = {} ORDER BY EVENT_NAME",
            self.here()
        );
        for mut row in ask(connection, &query)? {
            let (name, definer, body) = (row.text(), self.account(&row.text()), row.text());
            let literal = |it: String| self.dialect.literal(&it);
            let (at, every, unit) =
                (row.optional().map(literal), row.optional().map(literal), row.text());
            let starts = row.optional().map(|it| format!(" STARTS {}", literal(it)));
            let ends = row.optional().map(|it| format!(" ENDS {}", literal(it)));
            let schedule = match (at, every) {
                (Some(at), _) => format!("AT {at}"),
                (None, every) => format!(
                    "EVERY {} {unit}{}{}",
                    every.unwrap_or_default(),
                    starts.unwrap_or_default(),
                    ends.unwrap_or_default()
                ),
            };
            let status = match row.text().as_str() {
                "ENABLED" => "ENABLE",
                "DISABLED" => "DISABLE",
                _ => "DISABLE ON REPLICA",
            };
            let (completion, comment) = (row.text(), row.text());
            let comment = match comment.as_str() {
                "" => String::new(),
                it => format!(" COMMENT {}", self.dialect.literal(it)),
            };
            let definition = format!(
                "CREATE DEFINER={definer} EVENT {} ON SCHEDULE {schedule} ON COMPLETION \
                 {completion} {status}{comment} DO {body}",
                self.dialect.quote(&name)
            );
            self.note_own("event", &name, definition);
        }
        Ok(())
    }
}
