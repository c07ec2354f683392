//! Who runs what on which machine, for the row that the history keeps of each run.

use std::fs;

use crate::history::Circumstances;

use super::Environment;

/// Links and commits that build servers name, the most telling first.
const REFERENCES: &[&str] = &[
    "WHIMBREL_REFERENCE",
    "CI_JOB_URL",
    "BUILD_URL",
    "CIRCLE_BUILD_URL",
    "GITHUB_SHA",
    "GIT_COMMIT",
];

/// Who runs `command`, as far as the environment tells.
pub fn circumstances(command: &str, environment: &Environment) -> Circumstances {
    let first = |names: &[&str]| {
        names.iter().find_map(|it| environment.of_the_process(it)).unwrap_or_default().to_owned()
    };
    Circumstances {
        command: command.to_owned(),
        actor: first(&["WHIMBREL_ACTOR", "GITLAB_USER_LOGIN", "GITHUB_ACTOR", "USER", "USERNAME"]),
        host: host(environment),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        reference: run_of_github(environment).unwrap_or_else(|| first(REFERENCES)),
    }
}

fn host(environment: &Environment) -> String {
    // Linux tells it here; elsewhere a variable does, if anything.
    let kernel = fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let variables = ["HOSTNAME", "COMPUTERNAME", "HOST"];
    let said = variables.iter().find_map(|it| environment.of_the_process(it)).unwrap_or_default();
    let host = if kernel.trim().is_empty() { said } else { kernel.trim() };
    host.to_owned()
}

/// GitHub names the parts of the link, not the link.
fn run_of_github(environment: &Environment) -> Option<String> {
    let server = environment.of_the_process("GITHUB_SERVER_URL")?;
    let repository = environment.of_the_process("GITHUB_REPOSITORY")?;
    let run = environment.of_the_process("GITHUB_RUN_ID")?;
    Some(format!("{server}/{repository}/actions/runs/{run}"))
}
