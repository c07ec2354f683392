//! The migrations of this folder as the compiler sees them, and the program that is made of them:
//! `cargo build --release`, then `target/release/migrate up`. Wherever whimbrel itself is, `whimbrel
//! up` applies the same files and needs no compiler.

include!(concat!(env!("OUT_DIR"), "/migrations.rs"));

#[cfg(feature = "program")]
fn main() -> std::process::ExitCode {
    whimbrel_cli::program(whimbrel_cli::Package {
        program: env!("CARGO_BIN_NAME"),
        migrations: MIGRATIONS,
        files: FILES,
    })
}

/// Without the feature `program` there is what an editor needs, and it is quick to build.
#[cfg(not(feature = "program"))]
fn main() {
    println!("{} files, built without the feature `program`:", FILES.len());
    for (name, migration) in MIGRATIONS {
        println!("{name}: {} operations", migration().operations.len());
    }
}
