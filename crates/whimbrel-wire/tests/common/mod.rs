//! What the tests of every server's driver need.

use std::{sync::mpsc, thread, time::Duration};

use whimbrel::connection::{Connection, DatabaseError, Trouble};
use whimbrel_wire::{ConnectOptions, Target, connect};

pub(crate) fn open(target: &Target) -> Result<Box<dyn Connection>, DatabaseError> {
    connect(target, &ConnectOptions::default())
}

pub(crate) fn count(connection: &mut dyn Connection, table: &str) -> String {
    connection.query(&format!("SELECT count(*) FROM {table}")).unwrap()[0][0].clone().unwrap()
}

/// Makes `first`, which has locked row 1 of `t`, and another session wait for each other's row,
/// and returns what one of them is told.
pub(crate) fn cross(first: &mut dyn Connection, target: &Target) -> Vec<Trouble> {
    let target = target.clone();
    let (ready, wait) = mpsc::channel();
    let crossing = thread::spawn(move || {
        let mut second = open(&target).unwrap();
        second.begin().unwrap();
        second.execute("UPDATE t SET b = 2 WHERE a = 2").unwrap();
        ready.send(()).unwrap();
        let error = second.execute("UPDATE t SET b = 2 WHERE a = 1").err();
        second.rollback().unwrap();
        error
    });
    wait.recv().unwrap();
    thread::sleep(Duration::from_millis(200));
    let ours = first.execute("UPDATE t SET b = 1 WHERE a = 2").err();
    first.rollback().unwrap();
    let theirs = crossing.join().unwrap();
    [ours, theirs].into_iter().flatten().map(|it| it.trouble).collect()
}
