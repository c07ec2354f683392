//! Steps that are code of the user's own. It asks for statements one by one, in the transaction
//! that it shares with its mark, so that it has run or has not.

use std::{cell::RefCell, ops::Range, time::Duration};

use whimbrel_migration::{
    Cell, Database, Failure, PerDatabase, Row,
    run::{self, Handle, Program, Runnable, UndoRun},
};

use super::{
    Event, Stop,
    lock::Fence,
    uncovered::{self, Uncovered},
    work::{Journey, Work},
};
use crate::{
    connection::{BatchError, Connection, DatabaseError, Trouble},
    diagnostic::Span,
    dialect::Dialect,
    migration::format::rust::{Broken, perform},
    operation::{Operation, title_of_undo},
    sql::{self, Body, Code, Kind},
};

/// Where code failed.
#[derive(Debug, Default)]
pub(super) struct Stumble {
    /// The call in the code.
    place: Option<Span>,
    /// The statement that was refused.
    statement: Option<String>,
    /// What is to be told instead, where nothing was refused at all.
    instead: Option<Stop>,
}

impl Work<'_, '_> {
    /// Runs the statements of a transaction, with the code among its steps in its place. The steps
    /// in `range` begin behind so many `marks`.
    pub(super) fn fenced_with_code(
        &mut self,
        journey: Journey<'_>,
        range: &Range<usize>,
        statements: &[String],
        marks: usize,
    ) -> Result<Vec<Duration>, BatchError> {
        let code_at = |position: usize| match &journey.planned.steps[position].statement.body {
            Body::Code(code) => Some(&**code),
            _ => None,
        };
        let codes: Vec<(usize, &Code)> =
            range.clone().filter_map(|it| Some((it - range.start + marks, code_at(it)?))).collect();
        if codes.is_empty() {
            return self.fenced(statements, Fence::Within);
        }
        self.stumble = None;
        self.fenced_by(statements, Fence::Within, &mut |work, all, own| {
            let at = |position| move |error| BatchError { position, error };
            work.target.connection.begin().map_err(at(0))?;
            let done = work.in_pieces(journey.name, all, &codes, own).and_then(|took| {
                work.target.connection.commit().map_err(at(all.len()))?;
                Ok(took)
            });
            if done.is_err() {
                // The first error is the one to tell.
                let _ = work.target.connection.rollback();
            }
            done
        })
    }

    /// Runs statements in the open transaction, and the code that stands for some of them.
    fn in_pieces(
        &mut self,
        migration: &str,
        all: &[String],
        codes: &[(usize, &Code)],
        own: usize,
    ) -> Result<Vec<Duration>, BatchError> {
        let mut took = Vec::with_capacity(all.len());
        let ends = codes.iter().map(|(at, code)| (at + own, Some(*code)));
        for (end, code) in ends.chain([(all.len(), None)]) {
            let start = took.len();
            let connection = &mut self.target.connection;
            connection
                .execute_all(&all[start..end])
                .map_err(|it| BatchError { position: start + it.position, error: it.error })?;
            took.extend(connection.take_times());
            took.resize(end, Duration::ZERO);
            if let Some(code) = code {
                let since = self.host.elapsed();
                self.run_code(migration, code, false)
                    .map_err(|error| BatchError { position: end, error })?;
                took.push(self.host.elapsed().saturating_sub(since));
            }
        }
        Ok(took)
    }

    /// Runs code; `alone` says that no transaction is open around it.
    pub(super) fn run_code(
        &mut self,
        migration: &str,
        code: &Code,
        alone: bool,
    ) -> Result<(), DatabaseError> {
        let code = &self.with_what_was_compiled(migration, code);
        let covered = if alone {
            Vec::new()
        } else {
            uncovered::tables(self.target).map_err(|it| match it {
                Stop::Database { error, .. } => error,
                other => DatabaseError::new(Trouble::Other, other.to_string()),
            })?
        };
        let host = RefCell::new(&mut *self.host);
        let goes_on = || {
            let host = host.borrow();
            !host.interrupted() && !host.too_late()
        };
        let say = |words: &str| {
            let told = Event::Told { migration: migration.to_owned(), words: words.to_owned() };
            host.borrow_mut().event(told);
        };
        let mut live = Live {
            connection: &mut *self.target.connection,
            dialect: self.target.dialect,
            alone,
            uncovered: covered,
            goes_on: &goes_on,
            say: &say,
            refused: None,
            statement: None,
        };
        let mut stumble = Stumble::default();
        let outcome = if let Runnable::Compiled(compiled) = &code.program.code {
            run::call(&**compiled, &mut live).map(|()| None).map_err(|failure| {
                let place = failure.place;
                let place = place.map(|it| format!(" ({}:{}:{})", it.file, it.line, it.column));
                let message = format!("{}{}", failure.message, place.unwrap_or_default());
                Broken::Failed { message, place: None }
            })
        } else if code.files.is_empty() {
            let message = "it was compiled into another program, and only that one can run it";
            Err(Broken::Failed { message: message.to_owned(), place: None })
        } else {
            let symbols = self.target.migrations.symbols();
            perform(&code.files, code.number, symbols, &mut live, &goes_on)
        };
        let (refused, statement) = (live.refused.take(), live.statement.take());
        let interrupted = host.borrow().interrupted();
        let too_late = host.borrow().too_late();
        let error = match (outcome, refused) {
            (Ok(_), None) => return Ok(()),
            // What the database refused stops the code, whatever the code makes of it: some
            // databases would take no further statement.
            (outcome, Some(error)) => {
                if let Ok(place) | Err(Broken::Failed { place, .. }) = outcome {
                    stumble.place = place;
                }
                stumble.statement = statement;
                error
            }
            (Err(Broken::Stopped), None) => {
                DatabaseError::new(Trouble::Cancelled, "the code was stopped")
            }
            (Err(Broken::Failed { message, place }), None) => {
                stumble.place = place;
                DatabaseError::new(Trouble::Data, message)
            }
            (Err(Broken::Refused(diagnostic)), None) => {
                stumble.place = diagnostic.span;
                let error = DatabaseError::new(Trouble::Statement, diagnostic.message);
                DatabaseError { hint: diagnostic.help, ..error }
            }
        };
        if error.trouble == Trouble::Cancelled && (interrupted || too_late) {
            let migration = None;
            stumble.instead = Some(if interrupted {
                Stop::Interrupted { migration }
            } else {
                Stop::TooLate { migration }
            });
        }
        self.stumble = Some(stumble);
        Err(error)
    }

    /// Code whose closure was compiled can't be stored, and is found where the migration is; and
    /// code that was stored as its text is the same here, where it was compiled.
    fn with_what_was_compiled(&self, migration: &str, code: &Code) -> Code {
        let mut code = code.clone();
        if matches!(code.program.code, Runnable::Compiled(_)) {
            return code;
        }
        let Ok(loaded) = self.target.migrations.load(migration) else { return code };
        let runs = loaded.migration.operations.iter().filter_map(|it| match it {
            Operation::Run(run) => Some(run),
            _ => None,
        });
        let found = runs.filter_map(|run| match &run.undo {
            UndoRun::Code(undo) if title_of_undo(&run.title) == code.title => Some(undo),
            _ => Some(&run.code).filter(|_| run.title == code.title),
        });
        // Two steps may have one title; what a step was stored as says which of them it is. The
        // closures of a program that embeds the library mean nothing that could be compared.
        let found: Vec<&Program> = found.filter(|it| it.meaning == code.program.meaning).collect();
        match found.as_slice() {
            [.., one] if code.files.is_empty() => {
                if let Runnable::Interpreted(files, number) = &one.code {
                    code.files = files.to_vec();
                    code.number = *number;
                }
                code.program = (*one).clone();
            }
            [.., one] if matches!(one.code, Runnable::Compiled(_)) => {
                code.program = (*one).clone();
            }
            _ => {}
        }
        code
    }

    /// What is told of a step that was refused, with the place in the code where that was.
    pub(super) fn stumbled_in_code(&mut self, mut stop: Stop) -> Stop {
        let Some(stumble) = self.stumble.take() else { return stop };
        if let Stop::Step { migration: name, statement, place, .. } = &mut stop {
            let named = Some(name.clone());
            match stumble.instead {
                Some(Stop::Interrupted { .. }) => return Stop::Interrupted { migration: named },
                Some(Stop::TooLate { .. }) => return Stop::TooLate { migration: named },
                Some(_) | None => {}
            }
            if let Some(found) = stumble.place {
                *place = Some(found);
            }
            if let Some(text) = stumble.statement {
                *statement = text;
            }
        }
        stop
    }
}

/// The database that code works on.
struct Live<'l> {
    connection: &'l mut dyn Connection,
    dialect: &'static Dialect,
    alone: bool,
    uncovered: Vec<Uncovered>,
    goes_on: &'l dyn Fn() -> bool,
    say: &'l dyn Fn(&str),
    /// What the database refused first.
    refused: Option<DatabaseError>,
    /// The statement that was asked for last, until it is done.
    statement: Option<String>,
}

impl Live<'_> {
    /// The statement as it is sent, if it may be.
    fn asked(&mut self, sql: &PerDatabase, values: &[Cell]) -> Result<sql::Asked, Failure> {
        if let Some(error) = &self.refused {
            return Err(Failure::new(error.to_string()));
        }
        if !(self.goes_on)() {
            return Err(self.refuse(DatabaseError::new(Trouble::Cancelled, "the code was stopped")));
        }
        self.statement = self.dialect.text(sql).map(str::to_owned);
        let asked = sql::asked(self.dialect, sql, values, self.alone)
            .map_err(|it| self.refuse(DatabaseError::new(Trouble::Statement, it)))?;
        if asked.kind == Kind::Rows
            && let Some(table) = uncovered::spoken_of(self.dialect, &asked.text, &self.uncovered)
        {
            let message = format!(
                "no transaction covers the rows of `{table}`, so they would stay changed where the \
                 code fails later; write the migration with `no_transaction()`"
            );
            return Err(self.refuse(DatabaseError::new(Trouble::Other, message)));
        }
        self.statement = Some(asked.text.clone());
        Ok(asked)
    }

    fn refuse(&mut self, error: DatabaseError) -> Failure {
        let failure = Failure::new(error.to_string());
        self.refused.get_or_insert(error);
        failure
    }
}

impl Handle for Live<'_> {
    fn database(&self) -> Database {
        // Every dialect has a name in the language.
        self.dialect.databases.first().copied().unwrap_or(Database::Postgres)
    }

    fn query(&mut self, sql: &PerDatabase, parameters: &[Cell]) -> Result<Vec<Row>, Failure> {
        let asked = self.asked(sql, parameters)?;
        let found = self.connection.query_named(&asked.text).map_err(|it| self.refuse(it))?;
        let columns = found.columns.into();
        Ok(found
            .rows
            .into_iter()
            .map(|row| Row::new(std::sync::Arc::clone(&columns), row))
            .collect())
    }

    fn execute(&mut self, sql: &PerDatabase, parameters: &[Cell]) -> Result<u64, Failure> {
        let asked = self.asked(sql, parameters)?;
        self.connection.execute(&asked.text).map_err(|it| self.refuse(it))
    }

    fn say(&mut self, words: &str) {
        (self.say)(words);
    }
}
