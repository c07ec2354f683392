//! Migrations that got another number since they were applied here, as `rebase` gives them: the
//! same words behind the number and the same meaning, and nothing else that it could be.

use crate::{
    history::{Record, State},
    migration::{Loaded, Migrations, without_number},
};

/// Gives rows the names that their files have by now, and returns the names that they had, by
/// row.
///
/// Only where there is no doubt: the row's file is gone, exactly one file without a row has its
/// words and its meaning, and no other row is a candidate for that file. Anything less is told and
/// left to the user.
pub(super) fn follow(migrations: &dyn Migrations, records: &mut [Record]) -> Vec<(usize, String)> {
    let is_file = |name: &str| migrations.files().iter().any(|it| it.name == name);
    let gone: Vec<usize> = (0..records.len())
        .filter(|it| records[*it].state == State::Applied && !is_file(&records[*it].name))
        .collect();
    if gone.is_empty() {
        return Vec::new();
    }
    let is_new = |name: &str| !records.iter().any(|it| it.name == name);
    let new: Vec<&str> =
        migrations.files().iter().map(|it| it.name.as_str()).filter(|it| is_new(it)).collect();
    let mut found: Vec<(usize, &str)> = Vec::new();
    for place in gone {
        let record = &records[place];
        let same = |name: &&&str| {
            without_number(name) == without_number(&record.name)
                && migrations.load(name).is_ok_and(|it| is_same(record, &it))
        };
        if let [one] = new.iter().filter(same).collect::<Vec<_>>().as_slice() {
            found.push((place, one));
        }
    }
    let alone = |name: &str| found.iter().filter(|it| it.1 == name).count() == 1;
    let sure: Vec<(usize, String)> = found
        .iter()
        .filter(|it| alone(it.1))
        .map(|(place, name)| (*place, (*name).to_owned()))
        .collect();
    sure.into_iter()
        .map(|(place, name)| (place, std::mem::replace(&mut records[place].name, name)))
        .collect()
}

fn is_same(record: &Record, loaded: &Loaded) -> bool {
    loaded.digest == record.digest || loaded.meaning == record.meaning
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use whimbrel_migration::Migration;

    use super::*;
    use crate::{
        diagnostic::Diagnostic,
        history::{Direction, How},
        migration::{File, checksum},
    };

    struct Files(Vec<(File, Arc<Loaded>)>, Vec<File>);

    impl Migrations for Files {
        fn files(&self) -> &[File] {
            &self.1
        }

        fn load(&self, name: &str) -> Result<Arc<Loaded>, Vec<Diagnostic>> {
            let found = self.0.iter().find(|it| it.0.name == name);
            found.map(|it| Arc::clone(&it.1)).ok_or_else(Vec::new)
        }
    }

    fn loaded(name: &str, drops: &str) -> Loaded {
        let migration = Migration::first().drop_table(drops);
        Loaded {
            name: name.to_owned(),
            digest: checksum::raw(name.as_bytes()),
            meaning: checksum::meaning(&migration).expect("it can be summed up"),
            migration,
            places: vec![],
            state_place: None,
            state_places: vec![],
            parents_place: None,
        }
    }

    fn record(name: &str, drops: &str) -> Record {
        let loaded = loaded(name, drops);
        Record {
            name: loaded.name,
            digest: loaded.digest,
            meaning: loaded.meaning,
            state: State::Applied,
            direction: Direction::Up,
            how: How::Ran,
            parents: vec![],
            position: 1,
            run: 1,
            started: String::new(),
            ended: None,
        }
    }

    #[track_caller]
    fn check(rows: &[(&str, &str)], files: &[(&str, &str)], names: &[&str]) {
        let mut records: Vec<Record> = rows.iter().map(|(name, it)| record(name, it)).collect();
        let loaded: Vec<(File, Arc<Loaded>)> = files
            .iter()
            .map(|(name, it)| {
                let loaded = loaded(name, it);
                let file = File { name: loaded.name.clone(), digest: loaded.digest.clone() };
                (file, Arc::new(loaded))
            })
            .collect();
        let names_of = loaded.iter().map(|it| it.0.clone()).collect();
        follow(&Files(loaded, names_of), &mut records);
        assert_eq!(records.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), names);
    }

    #[test]
    fn another_number_and_nothing_else_is_followed() {
        check(&[("0002_a", "a")], &[("0003_a", "a")], &["0003_a"]);
        check(&[("0002_a", "a")], &[("0003_a", "b")], &["0002_a"]);
        check(&[("0002_a", "a")], &[("0003_b", "a")], &["0002_a"]);
        check(&[("0002_a", "a")], &[("0002_a", "a"), ("0003_a", "a")], &["0002_a"]);
    }

    #[test]
    fn where_there_is_doubt_nothing_is_followed() {
        check(&[("0002_a", "a")], &[("0003_a", "a"), ("0004_a", "a")], &["0002_a"]);
        check(&[("0002_a", "a"), ("0003_a", "a")], &[("0004_a", "a")], &["0002_a", "0003_a"]);
        check(
            &[("0002_a", "a"), ("0003_a", "a")],
            &[("0003_a", "a"), ("0004_a", "a")],
            &["0004_a", "0003_a"],
        );
    }
}
