//! `cargo xtask engines`: starts the engines for a developer's own `cargo test`.

use std::io::Write;
use std::process::ExitCode;

use crate::engines::{Care, Engines, Running, Wanted};

pub(crate) const ABOUT: &str =
    "Start the engines, print `export` lines, run until Ctrl-C   [name…] [--durable|--killable]";

pub(crate) fn run(arguments: &[String]) -> Result<ExitCode, String> {
    let given = |flag: &str| arguments.iter().any(|argument| argument == flag);
    let care = match () {
        () if given("--killable") => Care::Killable,
        () if given("--durable") => Care::Durable,
        () => Care::Careless,
    };
    let names = arguments.iter().map(String::as_str);
    let names: Vec<&str> =
        names.filter(|name| !["--durable", "--killable"].contains(name)).collect();
    let wanted = if names.is_empty() { Wanted::all() } else { Wanted::named(&names)? };

    let engines = Engines::start(&wanted, care);
    for missing in &engines.missing {
        eprintln!("{} IS NOT THERE: {}", missing.title.to_uppercase(), missing.reason);
    }
    if engines.running.is_empty() {
        return Err("no engine could be started".to_owned());
    }
    for engine in &engines.running {
        println!("export {}='{}'   # {}", engine.variable, engine.url, engine.label());
    }
    for (variable, file) in engines.running.iter().filter_map(Running::pid_file) {
        println!("export {variable}='{}'", file.display());
    }
    // The lines may be read through a pipe by a script that waits for them.
    std::io::stdout().flush().map_err(|error| format!("could not print: {error}"))?;
    eprintln!("The engines run until Ctrl-C.");
    // The interrupt ends this process, and the guard of each engine then stops its engine.
    loop {
        std::thread::park();
    }
}
