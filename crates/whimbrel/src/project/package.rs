//! The migrations of a package, compiled into its program.

use crate::migration::format::rust::Make;

/// The migrations of a package, as its `build.rs` lists them.
#[derive(Clone, Copy, Debug)]
pub struct Package {
    /// What the program is called.
    pub program: &'static str,
    /// The migrations in Rust: their names, and the functions that make them.
    pub migrations: &'static [(&'static str, Make)],
    /// Every migration, and every file that one takes in: the path from the folder of migrations,
    /// with `/` between folders, and the bytes. By these it is told that a migration is the one that
    /// ran.
    pub files: &'static [(&'static str, &'static [u8])],
}
