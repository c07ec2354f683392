//! `whimbrel find-includes`: `schema includes --write`, by the name that users of makemigrations
//! know.

use super::schema::includes;
use crate::{failure::Failure, globals::Globals, ui::Ui};

/// Write into the schema what it could include
#[derive(Debug, clap::Args)]
#[group(skip)]
#[command(after_help = "Example:\n  whimbrel find-includes --interactive")]
pub(crate) struct Args {
    #[command(flatten)]
    includes: includes::Args,
}

pub(crate) fn run(args: &Args, globals: &Globals, ui: &mut Ui) -> Result<u8, Failure> {
    includes::run(&args.includes.and_write(), globals, ui)
}
