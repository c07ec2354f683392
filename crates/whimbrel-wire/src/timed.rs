//! How long each statement of a batch takes, for clients that send them one by one.

use std::time::{Duration, Instant};

use whimbrel::connection::{BatchError, Connection};

/// Runs the statements one after another, as `Connection::execute_all` does by itself; beside
/// what came of it, how long those took that ran.
pub(crate) fn one_by_one(
    connection: &mut dyn Connection,
    statements: &[String],
) -> (Vec<Duration>, Result<(), BatchError>) {
    let mut times = Vec::with_capacity(statements.len());
    for (position, sql) in statements.iter().enumerate() {
        let start = Instant::now();
        if let Err(error) = connection.execute(sql) {
            return (times, Err(BatchError { position, error }));
        }
        times.push(start.elapsed());
    }
    (times, Ok(()))
}
