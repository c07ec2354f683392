//! What several migrations share.
use whimbrel_migration::*;

pub fn key() -> Column {
    serial().primary_key()
}

pub fn greeting(name: &str) -> String {
    format!("hello, {name}")
}

/// What nobody uses is no mistake.
pub fn idle() -> Column {
    varchar(20).not_null()
}
