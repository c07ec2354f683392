//! `whimbrel resolve`: settles a step of which nobody else can say whether it has run.

use serde_json::json;
use whimbrel::execute::{self, Answer, ResolveOptions};

use crate::{
    caution::Caution,
    failure::{DONE, Failure},
    globals::Globals,
    run::Run,
    target::Purpose,
    ui::Ui,
};

/// Say of a step that was interrupted whether it has run, where the database can't tell
///
/// `whimbrel up` names the migration and the step when it has to ask. Nothing runs here: the next
/// `up` or `down` goes on.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  whimbrel resolve 0003_orders --step 2 --done")]
#[command(group = clap::ArgGroup::new("answer").required(true))]
pub(crate) struct Args {
    /// The migration that is half way; the beginning of its name is enough
    #[arg(value_name = "NAME")]
    name: String,
    /// The step, as `up` counts it
    #[arg(long, value_name = "N")]
    step: usize,
    /// It has run; go on behind it
    #[arg(long, group = "answer")]
    done: bool,
    /// It has not run, or may run twice; run it again
    #[arg(long, group = "answer")]
    again: bool,
    #[command(flatten)]
    caution: Caution,
    /// Stop a step that an earlier run has left running on the server, instead of waiting for it
    #[arg(long)]
    cancel_running: bool,
}

pub(crate) fn run(args: &Args, globals: &Globals, ui: &mut Ui) -> Result<u8, Failure> {
    let mut run = Run::open("resolve", Purpose::Change, globals, ui)?;
    args.caution.apply(&mut run)?;
    run.cancel_running = args.cancel_running;
    let answer = if args.done { Answer::Done } else { Answer::Again };
    let options = ResolveOptions { name: args.name.clone(), step: args.step, answer };
    let name = run.work(ui, |target, host| execute::resolve(target, &options, host))?;
    let word = if args.done { "done" } else { "again" };
    if ui.is_json() {
        ui.json(json!({ "migration": name, "step": args.step, "settled": word }));
    } else {
        let meaning = if args.done { "counts as done" } else { "will run again" };
        ui.result(&format!("step {} of {name} {meaning}", args.step));
        ui.note("Run `whimbrel up` to go on.");
    }
    Ok(DONE)
}
