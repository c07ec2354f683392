//! `whimbrel version`: which whimbrel this is.

use serde_json::json;

use crate::{
    failure::{DONE, Failure},
    globals::Globals,
    ui::Ui,
};

/// Show which whimbrel this is
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  whimbrel version --format json")]
pub(crate) struct Args {}

#[expect(clippy::unnecessary_wraps, reason = "every command has the same shape")]
pub(crate) fn run(_: &Args, _: &Globals, ui: &mut Ui) -> Result<u8, Failure> {
    let release = env!("CARGO_PKG_VERSION");
    if ui.is_json() {
        ui.json(json!({
            "whimbrel": release,
            "platform": format!("{}-{}", std::env::consts::ARCH, std::env::consts::OS),
        }));
    } else {
        ui.result(&format!("whimbrel {release}"));
    }
    Ok(DONE)
}
