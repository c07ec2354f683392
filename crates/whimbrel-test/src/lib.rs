//! What the tests of several crates share: real engines, the report of what ran on them,
//! migrations without files, and a connection that dies on cue.

pub mod engines;
pub mod proxy;
pub mod random;
pub mod report;
pub mod scenario;
pub mod schemas;
pub mod shelf;
pub mod simulator;
pub mod snapshot;
