//! What is applied here and what is pending: the files of the checkout beside the rows of the
//! database. Pure, once both are read.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Stop,
    follow::follow,
    plan,
    replayed::Replayed,
    squashed::{Folded, fold},
};
use crate::{
    diagnostic::Severity,
    history::{Record, State},
    migration::{self, File, Graph, Migrations, Node, Parent, Standing, checksum},
    schema::Schema,
};

/// The files of the checkout beside the rows of the database.
pub(super) struct Situation<'a> {
    pub migrations: &'a dyn Migrations,
    /// Every row, in the order in which this database applied them.
    pub records: Vec<Record>,
    /// The graph of the files.
    pub graph: Graph,
    /// The places of the rows, by name.
    places: BTreeMap<String, usize>,
    /// The names that rows have in the database, where the file has got another number since.
    stands_as: BTreeMap<String, String>,
    /// Squashes all of whose migrations have run, by name.
    folded: BTreeMap<String, Folded>,
    /// Squashes some of whose migrations have run, with all of these.
    waiting: Vec<(String, Vec<String>)>,
}

/// What has become of an applied migration's file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Drift {
    /// It is gone.
    Missing,
    /// Its bytes differ and it means the same.
    Rewritten { digest: String, meaning: String },
    /// It means something else.
    Edited { digest: String, meaning: String },
}

impl<'a> Situation<'a> {
    /// Puts the two side by side. A file whose bytes are those that were applied is not read.
    pub(super) fn new(
        migrations: &'a dyn Migrations,
        mut records: Vec<Record>,
    ) -> Result<Self, Stop> {
        let stands_as = follow(migrations, &mut records);
        let stands_as: BTreeMap<String, String> = stands_as
            .into_iter()
            .map(|(place, name)| (records[place].name.clone(), name))
            .collect();
        let places: BTreeMap<String, usize> =
            records.iter().enumerate().map(|(place, it)| (it.name.clone(), place)).collect();
        let replaces = migrations.replaces();
        let is_edited = |name: &str| {
            let record = records.iter().find(|it| it.name == name);
            let file = migrations.files().iter().find(|it| it.name == name);
            match (record, file) {
                (Some(record), Some(file)) if file.digest != record.digest => {
                    migrations.load(name).is_ok_and(|it| it.meaning != record.meaning)
                }
                _ => false,
            }
        };
        let standing = |nodes: &[Node]| {
            let applied: BTreeSet<&str> = records
                .iter()
                .filter(|it| it.state == State::Applied)
                .map(|it| it.name.as_str())
                .collect();
            Standing::new(&replaces, nodes, |it| applied.contains(it), is_edited)
        };
        // Whether a migration stands depends on what is applied alone; of those that don't only
        // a squash that waits has to be read.
        let hidden = standing(&[]);
        let is_needless = |name: &str| {
            hidden.hidden.contains(name) && !hidden.waiting.iter().any(|it| it.0 == name)
        };
        let unchanged = |file: &File| {
            let record = places.get(&file.name).map(|it| &records[*it]);
            let record = record.filter(|_| !stands_as.contains_key(&file.name));
            record.filter(|it| it.state == State::Applied && it.digest == file.digest)
        };
        let files = migrations.files();
        let unread: Vec<&str> = files
            .iter()
            .filter(|it| !is_needless(&it.name) && unchanged(it).is_none())
            .map(|it| it.name.as_str())
            .collect();
        migrations.read_ahead(&unread);
        let mut nodes = Vec::with_capacity(files.len());
        let mut diagnostics = Vec::new();
        for file in files.iter().filter(|it| !is_needless(&it.name)) {
            if let Some(record) = unchanged(file) {
                let parents = record.parents.iter();
                let parents = parents.map(|it| Parent { name: it.clone(), span: None }).collect();
                nodes.push(Node { name: file.name.clone(), parents, span: None });
                continue;
            }
            match migrations.load(&file.name) {
                Ok(loaded) => nodes.push(Node {
                    name: file.name.clone(),
                    parents: loaded
                        .migration
                        .parents
                        .iter()
                        .map(|it| Parent { name: it.clone(), span: loaded.parents_place.clone() })
                        .collect(),
                    span: loaded.parents_place.clone(),
                }),
                Err(mistakes) => diagnostics.extend(mistakes),
            }
        }
        if !diagnostics.is_empty() {
            // What comes after a file that can't be read is not to blame for it.
            return Err(Stop::Unreadable(diagnostics));
        }
        diagnostics.extend(migration::mistakes(&replaces, &nodes));
        let standing = standing(&nodes);
        let (graph, mistakes) = Graph::new(standing.nodes(nodes));
        diagnostics.extend(mistakes.into_iter().filter(|it| it.severity == Severity::Error));
        if !diagnostics.is_empty() {
            return Err(Stop::Unreadable(diagnostics));
        }
        let Standing { folded, waiting, .. } = standing;
        let (records, folded) = fold(migrations, records, folded)?;
        let places =
            records.iter().enumerate().map(|(place, it)| (it.name.clone(), place)).collect();
        Ok(Self { migrations, records, graph, places, stands_as, folded, waiting })
    }

    /// The migration that an earlier run left half way.
    pub(super) fn running(&self) -> Option<&Record> {
        self.records.iter().find(|it| it.state == State::Running)
    }

    /// The applied ones, in the order in which this database applied them.
    pub(super) fn applied(&self) -> impl DoubleEndedIterator<Item = &Record> {
        self.records.iter().filter(|it| it.state == State::Applied)
    }

    /// The row of a migration.
    pub(super) fn record(&self, name: &str) -> Option<&Record> {
        self.places.get(name).map(|it| &self.records[*it])
    }

    /// Squashes that count as applied because all that they replace has run, and have no row yet.
    pub(super) fn folded(&self) -> impl Iterator<Item = (&Record, &Folded)> {
        self.folded.iter().filter_map(|(name, it)| Some((self.record(name)?, it)))
    }

    /// Squashes some of whose migrations have run, with all of these.
    pub(super) fn waiting(&self) -> &[(String, Vec<String>)] {
        &self.waiting
    }

    /// What the applied migrations whose files are here meant when they ran.
    pub(super) fn meanings(&self) -> impl Iterator<Item = &str> {
        self.known_records().flat_map(|record| match self.folded.get(&record.name) {
            Some(folded) => folded.meanings.iter().map(String::as_str).collect(),
            None => vec![record.meaning.as_str()],
        })
    }

    /// What the row of a migration is called in the database until it follows its file.
    pub(super) fn stands_as<'n>(&'n self, name: &'n str) -> &'n str {
        self.stands_as.get(name).map_or(name, String::as_str)
    }

    /// The migrations whose files have got another number: the name that the row has, and the one
    /// that it gets.
    pub(super) fn renumbered(&self) -> impl Iterator<Item = (&str, &str)> {
        self.stands_as.iter().map(|(now, before)| (before.as_str(), now.as_str()))
    }

    /// The file of a migration.
    pub(super) fn file(&self, name: &str) -> Option<&File> {
        let files = self.migrations.files();
        let place = files.binary_search_by(|it| it.name.as_str().cmp(name));
        place.ok().map(|it| &files[it])
    }

    /// The files that aren't applied, parents first.
    pub(super) fn pending(&self) -> Vec<String> {
        let applied: BTreeSet<String> = self.applied().map(|it| it.name.clone()).collect();
        self.graph.pending(&applied).into_iter().map(str::to_owned).collect()
    }

    /// What has become of an applied migration's file; `None` where its bytes are the same.
    pub(super) fn drift(&self, record: &Record) -> Result<Option<Drift>, Stop> {
        let Some(file) = self.file(&record.name) else { return Ok(Some(Drift::Missing)) };
        if file.digest == record.digest {
            return Ok(None);
        }
        let loaded = self.migrations.load(&record.name).map_err(Stop::Unreadable)?;
        let (digest, meaning) = (file.digest.clone(), loaded.meaning.clone());
        let comparable = checksum::comparable(&meaning, &record.meaning);
        Ok(Some(if comparable && meaning == record.meaning {
            Drift::Rewritten { digest, meaning }
        } else {
            Drift::Edited { digest, meaning }
        }))
    }

    /// A pending file that says what a migration said that was applied and whose file is gone.
    pub(super) fn renamed(&self, record: &Record) -> Result<Option<String>, Stop> {
        let files = self.migrations.files().iter().filter(|it| self.record(&it.name).is_none());
        for file in files {
            let same = file.digest == record.digest
                || self.migrations.load(&file.name).map_err(Stop::Unreadable).map(|it| {
                    !it.migration.operations.is_empty() && it.meaning == record.meaning
                })?;
            if same {
                return Ok(Some(file.name.clone()));
            }
        }
        Ok(None)
    }

    /// The applied migrations whose files are here, in the order in which this database applied
    /// them: nobody here knows what the others did.
    pub(super) fn known(&self) -> Vec<&File> {
        self.applied().filter_map(|it| self.file(&it.name)).collect()
    }

    /// The rows of applied migrations whose files are here.
    pub(super) fn known_records(&self) -> impl Iterator<Item = &Record> {
        self.applied().filter(|it| self.file(&it.name).is_some())
    }

    /// The schema that this database has by what it applied. `replayed` is the schema
    /// that the first of them leave, if somebody knows.
    pub(super) fn schema(&self, replayed: Replayed) -> Result<Schema, Stop> {
        let known = self.known();
        let rest: Vec<&str> =
            known.iter().skip(replayed.count).map(|it| it.name.as_str()).collect();
        self.migrations.read_ahead(&rest);
        let mut schema = replayed.schema();
        for name in rest {
            let loaded = self.migrations.load(name).map_err(Stop::Unreadable)?;
            plan::replay(&loaded, &mut schema)?;
        }
        Ok(schema)
    }

    /// The next place in the order of application.
    pub(super) fn next_position(&self) -> u64 {
        self.records.iter().map(|it| it.position).max().unwrap_or(0) + 1
    }
}
