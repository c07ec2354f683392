//! The migrations of this folder as the compiler sees them. `cargo check` proves that they are
//! sound Rust; `whimbrel up` applies them and needs no compiler.

include!(concat!(env!("OUT_DIR"), "/migrations.rs"));

fn main() {
    for (name, migration) in MIGRATIONS {
        println!("{name}: {} operations", migration().operations.len());
    }
    println!("Apply them with `whimbrel up`.");
}
