//! `whimbrel schema …`: what is asked of the schema alone.

mod fmt;
pub(crate) mod includes;
pub(crate) mod inspect;
mod json_schema;
pub(crate) mod sql;
pub(crate) mod state;
mod validate;

use crate::{failure::Failure, globals::Globals, ui::Ui};

/// Look at the schema: validate it, show it as SQL, show what the migrations or a database have
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  whimbrel schema validate")]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    Validate(validate::Args),
    Fmt(fmt::Args),
    JsonSchema(json_schema::Args),
    Sql(sql::Args),
    State(state::Args),
    Inspect(inspect::Args),
    Includes(includes::Args),
}

pub(crate) fn run(args: &Args, globals: &Globals, ui: &mut Ui) -> Result<u8, Failure> {
    match &args.command {
        Command::JsonSchema(args) => json_schema::run(args, ui),
        Command::Fmt(args) => fmt::run(args, globals, ui),
        Command::Validate(args) => validate::run(args, globals, ui),
        Command::Sql(args) => sql::run(args, globals, ui),
        Command::State(args) => state::run(args, globals, ui),
        Command::Inspect(args) => inspect::run(args, globals, ui),
        Command::Includes(args) => includes::run(args, globals, ui),
    }
}
