//! What a program that embeds the library sees of a run with `tracing`.

use std::{
    fmt::{Debug, Write as _},
    sync::{Arc, Mutex, MutexGuard},
};

use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
};
use whimbrel::{
    dialect::Dialect,
    execute::{DownOptions, DownTarget, UpOptions, down, up},
};
use whimbrel_migration::*;
use whimbrel_test::{
    engines,
    shelf::{Listener, Shelf, target},
};

/// Writes down what it is told, a line each, indented by the spans around it.
#[derive(Clone, Default)]
struct Notes(Arc<Mutex<Noted>>);

#[derive(Default)]
struct Noted {
    text: String,
    spans: Vec<String>,
    depth: usize,
}

impl Notes {
    fn noted(&self) -> MutexGuard<'_, Noted> {
        self.0.lock().expect("nobody has panicked")
    }
}

/// `name=value` of each field.
struct Fields(String);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let _ = write!(self.0, " {}={value:?}", field.name());
    }
}

impl Subscriber for Notes {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("whimbrel")
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut fields = Fields(span.metadata().name().to_owned());
        span.record(&mut fields);
        let mut noted = self.noted();
        noted.spans.push(fields.0);
        Id::from_u64(noted.spans.len() as u64)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields(String::new());
        event.record(&mut fields);
        let mut noted = self.noted();
        let line = format!("{}-{}\n", "  ".repeat(noted.depth), fields.0);
        noted.text.push_str(&line);
    }

    fn enter(&self, span: &Id) {
        let mut noted = self.noted();
        let place = usize::try_from(span.into_u64()).expect("it is small") - 1;
        let line = format!("{}{}\n", "  ".repeat(noted.depth), noted.spans[place]);
        noted.text.push_str(&line);
        noted.depth += 1;
    }

    fn exit(&self, _: &Id) {
        self.noted().depth -= 1;
    }
}

/// What `up` and then `down` of two migrations say.
fn said(engine: &engines::Engine) -> String {
    let database = engine.fresh_database();
    let shelf = Shelf::new([
        (
            "0001_first",
            Migration::first().run_sql(
                sql("CREATE TABLE a (b varchar(20) DEFAULT 'my secret')").undo("DROP TABLE a"),
            ),
        ),
        (
            "0002_second",
            Migration::after("0001_first").no_transaction().run_sql(
                sql("CREATE TABLE c (b varchar(20) DEFAULT 'my secret')").undo("DROP TABLE c"),
            ),
        ),
    ]);
    let mut connection = database.connect();
    let dialect = Dialect::of_product(&connection.server().product).expect("it has a dialect");
    let notes = Notes::default();
    tracing::subscriber::with_default(notes.clone(), || {
        let mut target = target(&mut *connection, dialect, &shelf);
        let mut listener = Listener::default();
        up(&mut target, &UpOptions::default(), &mut listener).expect("it is applied");
        let options =
            DownOptions { target: DownTarget::All, allow_data_loss: true, keep_data: false };
        down(&mut target, &options, &mut listener).expect("it is taken back");
    });
    let noted = notes.noted();
    assert_eq!(noted.depth, 0, "{}", noted.text);
    noted.text.clone()
}

#[test]
fn a_run_is_told_in_spans_without_secrets() {
    for engine in engines::all() {
        let said = said(&engine);
        assert!(!said.contains("my secret"), "{engine:?}: {said}");
        let said: Vec<&str> = said.lines().collect();
        let depth = |line: &str| line.len() - line.trim_start().len();
        let begins = |words: &str| {
            let place = said.iter().position(|it| it.trim_start().starts_with(words));
            place.unwrap_or_else(|| panic!("{engine:?}: {words}: {said:#?}"))
        };
        let (up, down) = (begins("run command=\"up\""), begins("run command=\"down\""));
        assert_eq!((up, depth(said[down])), (0, 0), "{engine:?}: {said:#?}");
        for (name, run) in [("0001_first", 0..down), ("0002_second", down..said.len())] {
            let direction = if run.start == 0 { "up" } else { "down" };
            let migration = format!("migration name=\"{name}\" direction=\"{direction}\"");
            let place = begins(&migration);
            assert!(run.contains(&place), "{engine:?}: {migration}: {said:#?}");
            assert_eq!(depth(said[place]), 2, "{engine:?}: {migration}: {said:#?}");
            let inside = said[place + 1..].iter().take_while(|it| depth(it) > 2);
            let inside: Vec<&str> = inside.map(|it| it.trim_start()).collect();
            let is_work = |it: &&str| it.starts_with("transaction ") || it.starts_with("step ");
            assert!(inside.iter().any(is_work), "{engine:?}: {migration}: {said:#?}");
            // Told once it is written down, which may be with what begins next.
            let done =
                format!("the migration is done migration=\"{name}\" direction=\"{direction}\"");
            assert!(said[place..].iter().any(|it| it.contains(&done)), "{engine:?}: {said:#?}");
        }
        let step =
            begins("step step=1 steps=1 statement=\"CREATE TABLE c (b varchar(20) DEFAULT '…')\"");
        assert!(step < down, "{engine:?}: {said:#?}");
        assert!(begins("lock") < begins("migration "), "{engine:?}: {said:#?}");
        assert!(begins("catalog") < down, "{engine:?}: {said:#?}");
    }
}
