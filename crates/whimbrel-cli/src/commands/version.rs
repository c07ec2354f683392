//! `whimbrel version`: which whimbrel this is.

use serde_json::json;

use crate::{
    failure::{DONE, Failure},
    globals::Globals,
    program,
    ui::Ui,
};

/// Show which whimbrel this is
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  whimbrel version --format json")]
pub(crate) struct Args {}

#[expect(clippy::unnecessary_wraps, reason = "every command has the same shape")]
pub(crate) fn run(_: &Args, globals: &Globals, ui: &mut Ui) -> Result<u8, Failure> {
    let release = env!("CARGO_PKG_VERSION");
    let migrations = globals.package.as_ref().map(program::names);
    if ui.is_json() {
        let mut fields = json!({
            "whimbrel": release,
            "platform": format!("{}-{}", std::env::consts::ARCH, std::env::consts::OS),
        });
        if let Some(migrations) = migrations {
            fields["migrations"] = json!(migrations);
        }
        ui.json(fields);
    } else if let (Some(package), Some(migrations)) = (&globals.package, migrations) {
        let count = migrations.len();
        let last = migrations.last().map(|it| format!(", the last one {it}")).unwrap_or_default();
        ui.result(&format!("{}: {count} migrations{last}; whimbrel {release}", package.program));
    } else {
        ui.result(&format!("whimbrel {release}"));
    }
    Ok(DONE)
}
