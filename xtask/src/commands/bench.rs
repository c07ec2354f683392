//! `cargo xtask bench`: measures whimbrel against a bare loop, on engines that keep what they
//! commit.

use std::env;
use std::path::Path;
use std::process::{Command, ExitCode};

use crate::engines::{self, Care, Engines, Wanted};

pub(crate) const ABOUT: &str =
    "Measure against a bare loop   [engine…] [--migrations N] [--rounds N]";

pub(crate) fn run(arguments: &[String]) -> Result<ExitCode, String> {
    let (names, options) = split(arguments)?;
    let folder = build()?;
    let wanted = match names.iter().filter(|name| **name != "sqlite").count() {
        0 if names.is_empty() => Some(Wanted::all()),
        0 => None,
        _ => {
            let servers: Vec<&str> =
                names.iter().copied().filter(|name| *name != "sqlite").collect();
            Some(Wanted::named(&servers)?)
        }
    };
    let engines =
        wanted.map_or_else(Engines::default, |wanted| Engines::start(&wanted, Care::Durable));
    for missing in &engines.missing {
        println!("WITHOUT {}: {}", missing.title.to_uppercase(), missing.reason);
    }

    let program =
        |name: &str| Path::new(&folder).join(name).with_extension(env::consts::EXE_EXTENSION);
    let mut command = Command::new(program("bench"));
    command.arg("--program").arg(program("whimbrel")).args(options);
    if let [name] = names.as_slice() {
        command.args(["--engine", name]);
    }
    for (variable, _) in env::vars().filter(|(name, _)| engines::middle(name).is_some()) {
        command.env_remove(variable);
    }
    for engine in &engines.running {
        println!("with {}", engine.label());
        command.env(&engine.variable, &engine.url);
    }
    let status = command.status().map_err(|error| format!("could not run `bench`: {error}"))?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The names of engines, and the options with their values.
fn split(arguments: &[String]) -> Result<(Vec<&str>, Vec<&str>), String> {
    let (mut names, mut options) = (Vec::new(), Vec::new());
    let mut arguments = arguments.iter().map(String::as_str);
    while let Some(argument) = arguments.next() {
        if argument.starts_with("--") {
            let value = arguments.next().ok_or_else(|| format!("`{argument}` needs a value"))?;
            options.extend([argument, value]);
        } else {
            names.push(argument);
        }
    }
    Ok((names, options))
}

/// Builds the bench and the program that it measures, as they are released; tells where they are.
fn build() -> Result<std::path::PathBuf, String> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .map_or_else(Default::default, Path::to_owned);
    let status = Command::new(cargo)
        .current_dir(&root)
        .args(["build", "--release", "-p", "whimbrel-cli", "-p", "whimbrel-test", "--bins"])
        .status()
        .map_err(|error| format!("could not run `cargo build`: {error}"))?;
    if !status.success() {
        return Err("it does not compile".to_owned());
    }
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), Into::into);
    Ok(target.join("release"))
}
