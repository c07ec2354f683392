//! Whether a migration is still what it was when it was applied.
//!
//! There are two answers. The raw digest is of the file's bytes, and where it is equal nothing
//! needs to be read. The meaning's digest is of what the migration does: layout, comments and
//! parents may change without changing it.

use std::fmt::Write;

use sha2::{Digest, Sha256};
use whimbrel_migration::{
    DatabaseOnly, IgnoreErrors, Migration, StateOnly,
    run::{Program, UndoRun},
};

use crate::{
    dialect::{self, Dialect, MYSQL, POSTGRES, SQLITE},
    operation::Operation,
    schema::{Database, PerDatabase, Routine, Undo},
    sql::lexer::{TokenKind, lex},
};

/// How meanings are digested; a digest of another version says nothing about this one.
pub const MEANING: &str = "m1";

/// The SHA-256 of a file's bytes, in hexadecimal.
pub fn raw(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

/// The digest of what a migration does: `m1:` and a SHA-256 in hexadecimal.
///
/// Operations count in their order, and so does whether they run in a transaction. SQL counts
/// token by token, with hints (`/*+ … */`, `/*! … */`) and without comments and layout. Parents
/// don't count, so that putting a migration behind another one is no edit.
pub fn meaning(migration: &Migration) -> Result<String, serde_json::Error> {
    let mut digest = Sha256::new();
    if migration.no_transaction {
        digest.update(b"no_transaction\n");
    }
    // Whether somebody still has to look at it is no part of what it does.
    let does = |it: &&Operation| !matches!(it, Operation::NeedsReview(_));
    for operation in migration.operations.iter().filter(does) {
        // Through a value, whose keys are sorted: a field that moves changes no digest.
        let value = serde_json::to_value(folded(operation))?;
        digest.update(value.to_string().as_bytes());
        digest.update(b"\n");
    }
    Ok(format!("{MEANING}:{}", hexadecimal(&digest.finalize())))
}

/// Whether two digests of meanings can be compared at all.
pub fn comparable(one: &str, other: &str) -> bool {
    let version = |it: &str| it.split_once(':').map(|(version, _)| version.to_owned());
    version(one).is_some() && version(one) == version(other)
}

/// An operation with its scripts folded to their tokens.
fn folded(operation: &Operation) -> Operation {
    let mut operation = operation.clone();
    match &mut operation {
        Operation::RunSql(run) => {
            fold_each(&mut run.script.up);
            if let Undo::Sql(undo) = &mut run.script.undo {
                fold_each(undo);
            }
            for it in run.script.state.iter_mut().flatten() {
                *it = folded(it);
            }
        }
        Operation::CreateView(it) => fold_each(&mut it.view.query),
        Operation::AlterView(it) => fold_each(&mut it.query),
        Operation::CreateRoutine(it) => fold_routine(&mut it.routine),
        Operation::AlterRoutine(it) => fold_routine(&mut it.routine),
        Operation::Run(run) => {
            fold_code(&mut run.code);
            if let UndoRun::Code(undo) = &mut run.undo {
                fold_code(undo);
            }
            run.touches.clear();
        }
        Operation::StateOnly(StateOnly { operations })
        | Operation::DatabaseOnly(DatabaseOnly { operations })
        | Operation::IgnoreErrors(IgnoreErrors { operations }) => {
            for it in operations {
                *it = folded(it);
            }
        }
        _ => {}
    }
    operation
}

/// Code counts by its tokens, and by those of what it uses; how it is laid out doesn't.
fn fold_code(program: &mut Program) {
    program.source.clear();
}

fn fold_routine(routine: &mut Routine) {
    routine.when.iter_mut().for_each(fold_each);
    fold_each(&mut routine.definition);
}

fn fold_each(texts: &mut PerDatabase) {
    for (database, text) in &mut texts.texts {
        if let Some(dialect) = dialect_of(*database) {
            *text = fold(dialect, text);
        }
    }
    if let Some(text) = &mut texts.otherwise {
        // What is a comment for one database may be text for another: where they don't agree,
        // every byte counts. The databases asked stay these three, whatever dialects are added,
        // so that digests stay what they are.
        let mut foldings = [&POSTGRES, &MYSQL, &SQLITE].into_iter().map(|it| fold(it, text));
        if let Some(first) = foldings.next()
            && foldings.all(|it| it == first)
        {
            *text = first;
        }
    }
}

/// The dialect of the database itself; none where only its relatives are known.
fn dialect_of(database: Database) -> Option<&'static Dialect> {
    dialect::ALL.iter().copied().find(|it| it.databases.first() == Some(&database))
}

/// The tokens of a text, a space between two that aren't both symbols side by side (`>=` is not
/// `> =`).
fn fold(dialect: &Dialect, text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut after_symbol = false;
    for token in lex(dialect, text) {
        // Hints count everywhere: pg_hint_plan reads what PostgreSQL takes for a comment.
        let word = token.text(text);
        if token.is_blank() && !word.starts_with("/*+") && !word.starts_with("/*!") {
            after_symbol = false;
            continue;
        }
        let is_symbol = token.kind == TokenKind::Symbol;
        let belongs = is_symbol && after_symbol;
        if !folded.is_empty() && !belongs {
            folded.push(' ');
        }
        folded.push_str(word);
        after_symbol = is_symbol;
    }
    folded
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a string can't fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use whimbrel_migration::{Database::Postgres, bigint, changes, on, sql, table, text};

    fn of(migration: &Migration) -> String {
        meaning(migration).expect("operations serialise")
    }

    fn of_sql(text: &str) -> String {
        of(&Migration::first().run_sql(sql(text)))
    }

    #[test]
    fn bytes_have_their_well_known_digest() {
        assert_eq!(raw(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    /// If this fails, every database will say that its migrations were edited: raise `MEANING`.
    #[test]
    fn a_meaning_keeps_its_digest_for_ever() {
        let migration = Migration::after("0001_tenants")
            .create_table(
                table("users").column("id", bigint().primary_key()).column("name", text()),
            )
            .run_sql(sql("SELECT 1"));
        assert_eq!(
            of(&migration),
            "m1:7009747e91f26024dfe72f06a9371802990fca353bdfef46298afec19d36812f"
        );
    }

    #[test]
    fn parents_are_no_part_of_the_meaning() {
        let operations = |it: Migration| it.drop_table("users");
        assert_eq!(
            of(&operations(Migration::first())),
            of(&operations(Migration::after(["a", "b"])))
        );
        assert_ne!(of(&Migration::first().drop_table("users")), of(&Migration::first()));
        assert_ne!(of(&Migration::first()), of(&Migration::first().no_transaction()));
    }

    #[test]
    fn comments_and_layout_are_no_part_of_the_meaning() {
        let plain = of_sql("UPDATE users SET name = 'a  b' WHERE id>=1;");
        assert_eq!(plain, of_sql("UPDATE users\n  SET name = 'a  b' -- why\n  WHERE id >= 1 ;\n"));
        assert_ne!(plain, of_sql("UPDATE users SET name = 'a b' WHERE id>=1;"));
        assert_ne!(plain, of_sql("UPDATE users SET name = 'a  b' WHERE id> =1;"));
        assert_ne!(plain, of_sql("UPDATE users SET name = 'a  b' WHERE id>1;"));
    }

    #[test]
    fn a_review_is_no_part_of_the_meaning_and_what_is_only_said_is() {
        let plain = || Migration::first().drop_table("users");
        assert_eq!(of(&plain()), of(&plain().needs_review("drops users")));
        assert_ne!(of(&plain()), of(&plain().irreversible("the rows are gone")));
        let state = of(&Migration::first().state_only(changes().drop_table("users")));
        let database = of(&Migration::first().database_only(changes().drop_table("users")));
        assert!(state != database && state != of(&plain()));
        let script = |it: &str| of(&Migration::first().database_only(changes().run_sql(sql(it))));
        assert_eq!(script("SELECT 1 -- one"), script("SELECT  1"));
    }

    #[test]
    fn hints_are_part_of_the_meaning() {
        assert_ne!(of_sql("SELECT /*+ a */ 1"), of_sql("SELECT /*+ b */ 1"));
        assert_ne!(of_sql("SELECT /*! 1 */"), of_sql("SELECT /*! 2 */"));
    }

    #[test]
    fn what_databases_read_differently_counts_to_the_byte() {
        // To MySQL this is a comment; to PostgreSQL it is an operator.
        assert_ne!(of_sql("SELECT 1 # 2"), of_sql("SELECT 1 # 3"));
        let postgres = |it: &str| of(&Migration::first().run_sql(on(Postgres, it)));
        assert_eq!(postgres("SELECT 1 -- a"), postgres("SELECT 1"));
        assert_ne!(postgres("SELECT 1 # 2"), postgres("SELECT 1 # 3"));
    }

    #[test]
    fn versions_of_the_digest_are_told_apart() {
        assert!(comparable("m1:aa", "m1:bb"));
        assert!(!comparable("m1:aa", "m2:aa"));
        assert!(!comparable("aa", "aa"));
    }
}
