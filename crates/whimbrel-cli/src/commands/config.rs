//! `whimbrel config`: every value and where it comes from, secrets masked.

use std::fmt::Write as _;

use serde_json::{Value, json};
use whimbrel::project::{Config, Origin};

use crate::{
    failure::{DONE, Failure},
    globals::Globals,
    ui::Ui,
};

/// Show every value of the configuration and where it comes from
///
/// Passwords are masked. A password command is not run.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  whimbrel config --env production")]
pub(crate) struct Args {}

pub(crate) fn run(_: &Args, globals: &Globals, ui: &mut Ui) -> Result<u8, Failure> {
    let config = globals.load(ui)?;
    config.all_set()?;
    if ui.is_json() {
        ui.json(as_json(&config));
    } else {
        ui.result(&as_text(&config));
    }
    Ok(DONE)
}

fn as_text(config: &Config) -> String {
    let rows: Vec<[String; 3]> = config
        .shown()
        .into_iter()
        .map(|(key, setting)| match setting {
            Some((value, origin)) => [key.name.to_owned(), value, said_by(config, &origin)],
            None => [key.name.to_owned(), "-".to_owned(), "not set".to_owned()],
        })
        .collect();
    let width = |at: usize| rows.iter().map(|it| it[at].chars().count()).max().unwrap_or(0);
    let (first, second) = (width(0), width(1));
    let mut text = String::new();
    for [name, value, origin] in &rows {
        let _ = writeln!(text, "{name:first$}  {value:second$}  {origin}");
    }
    text
}

fn as_json(config: &Config) -> Value {
    let settings: Vec<Value> = config
        .shown()
        .into_iter()
        .map(|(key, setting)| {
            let (value, origin) = setting.unzip();
            json!({
                "key": key.name,
                "value": value,
                "origin": origin.map(|it| said_by(config, &it)),
            })
        })
        .collect();
    json!({
        "root": config.root,
        "file": config.file,
        "env": config.env,
        "dot_env": config.dot_env,
        "settings": settings,
    })
}

/// Who said a value, in words.
pub(crate) fn said_by(config: &Config, origin: &Origin) -> String {
    let file = config.file.as_ref().map_or_else(String::new, |it| config.display(it));
    match origin {
        Origin::Flag(flag) => format!("flag {flag}"),
        Origin::EnvTable(env) => format!("[env.{env}] of {file}"),
        Origin::Variable(variable) => format!("variable {variable}"),
        Origin::DotEnv(variable) => format!("variable {variable} of .env"),
        Origin::File => file,
        Origin::Default => "default".to_owned(),
    }
}
