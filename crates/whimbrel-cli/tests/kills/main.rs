//! The real binary, killed: at every call, by every means, in every kind of step. The next run
//! finishes, and the database ends as if nothing had happened.
//!
//! Without more words this is a sample that fits into a minute; with `WHIMBREL_TEST_KILLS=10000`
//! so many kills are tried, the whole matrix if it is not larger (`cargo xtask kills`).
#![cfg(unix)]

mod classes;
mod figures;
mod killing;
mod matrix;

mod races;
mod server;
mod stage;
#[path = "../support.rs"]
#[expect(dead_code, reason = "it belongs to the other tests of the binary, too")]
mod support;
mod victim;
