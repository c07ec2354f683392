//! `whimbrel migrate …`: the words of the tool makemigrations for commands of ours.

use super::{down, fake, graph, plan, status, up};
use crate::{failure::Failure, globals::Globals, ui::Ui};

/// The commands by the names that makemigrations has for them
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  whimbrel migrate up")]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    Up(up::Args),
    Down(down::Args),
    Status(status::Args),
    /// Show the statements of pending migrations
    Showsql,
    Fake(fake::Args),
    Graph(graph::Args),
}

impl Args {
    /// Whether it is the graph that is asked for, by either of its names.
    pub(super) fn draws(&self) -> bool {
        matches!(self.command, Command::Graph(_))
    }
}

pub(crate) fn run(args: &Args, globals: &Globals, ui: &mut Ui) -> Result<u8, Failure> {
    match &args.command {
        Command::Up(args) => up::run(args, globals, ui),
        Command::Down(args) => down::run(args, globals, ui),
        Command::Status(args) => status::run(args, globals, ui),
        Command::Showsql => plan::up(&up::Far::default(), globals, ui),
        Command::Fake(args) => fake::run(args, globals, ui),
        Command::Graph(args) => graph::run(args, globals, ui),
    }
}
