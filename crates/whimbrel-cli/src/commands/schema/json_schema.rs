//! `whimbrel schema json-schema`: the format of schema files, for editors.

use whimbrel::source::yaml;

use crate::{
    failure::{DONE, Failure},
    ui::Ui,
};

/// Show the JSON schema of schema files, by which an editor completes and checks them
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  whimbrel schema json-schema > schema/schema.json\n\nAnd at the top \
                        of the schema file:\n  # yaml-language-server: $schema=schema.json"
)]
pub(crate) struct Args {}

#[expect(clippy::unnecessary_wraps, reason = "as every command")]
pub(crate) fn run(_: &Args, ui: &mut Ui) -> Result<u8, Failure> {
    ui.result(yaml::json_schema().trim_end());
    Ok(DONE)
}
