//! The `whimbrel` command.

use std::process::ExitCode;

/// Reading a big schema is a million small pieces of memory, for which this takes two thirds of the
/// time that the system's own needs. An application that embeds the library has its own choice.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    whimbrel_cli::whimbrel()
}
