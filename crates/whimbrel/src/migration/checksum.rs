//! Whether a migration is still what it was when it was applied.
//!
//! There are two answers. The raw digest is of the file's bytes, and where it is equal nothing
//! needs to be read. The meaning's digest is of what the migration does: layout, comments and
//! parents may change without changing it.

use std::fmt::Write;

use sha2::{Digest, Sha256};
use whimbrel_migration::Migration;

/// How meanings are digested; a digest of another version says nothing about this one.
pub const MEANING: &str = "m1";

/// The SHA-256 of a file's bytes, in hexadecimal.
pub fn raw(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

/// The digest of what a migration does: `m1:` and a SHA-256 in hexadecimal.
///
/// Operations count in their order, and so does whether they run in a transaction. Parents
/// don't, so that putting a migration behind another one is no edit.
pub fn meaning(migration: &Migration) -> Result<String, serde_json::Error> {
    let mut digest = Sha256::new();
    if migration.no_transaction {
        digest.update(b"no_transaction\n");
    }
    for operation in &migration.operations {
        // Through a value, whose keys are sorted: a field that moves changes no digest.
        let value = serde_json::to_value(operation)?;
        digest.update(value.to_string().as_bytes());
        digest.update(b"\n");
    }
    Ok(format!("{MEANING}:{}", hexadecimal(&digest.finalize())))
}

/// Whether two digests of meanings can be compared at all.
pub fn comparable(one: &str, other: &str) -> bool {
    let version = |it: &str| it.split_once(':').map(|(version, _)| version.to_owned());
    version(one).is_some() && version(one) == version(other)
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a string can't fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
