//! `whimbrel data …`: rows that belong to the schema.

pub(crate) mod dump;

use crate::{failure::Failure, globals::Globals, ui::Ui};

/// Rows that belong to the schema, such as countries and roles
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  whimbrel data dump countries")]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    Dump(dump::Args),
}

pub(crate) fn run(args: &Args, globals: &Globals, ui: &mut Ui) -> Result<u8, Failure> {
    match &args.command {
        Command::Dump(args) => dump::run(args, globals, ui),
    }
}
