//! What the tests of several crates share: real engines, and the report of what ran on them.

pub mod engines;
pub mod report;
