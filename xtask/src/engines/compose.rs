//! The engines of `compose.yaml`, for a machine on which containers run and packages are not read.

use std::path::Path;
use std::process::Command;

use super::{Site, Started, port};
use crate::process::{Guarded, Stop, output};

/// Runs a service until it is asked to stop, and leaves no container behind.
///
/// `sh -c UP compose <service> <option of docker compose>…`
const UP: &str = r#"
service=$1; shift
trap : TERM
docker compose "$@" up --no-log-prefix "$service" &
wait
docker compose "$@" down --volumes --timeout 5
"#;

/// A service of `compose.yaml`.
#[derive(Debug)]
pub(super) struct Service {
    pub(super) name: &'static str,
    /// The variable by which the file lets the port on this machine be chosen.
    pub(super) port_variable: &'static str,
    pub(super) ask: port::Ask,
    pub(super) url: fn(u16) -> String,
}

impl Service {
    /// Starts the container, which stops with the returned program.
    pub(super) fn start(&self, site: &Site) -> Result<Started, String> {
        output(Command::new("docker").arg("info")).map_err(|_| "no container engine runs here")?;
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("compose.yaml");
        let port = port::free()?;
        // A project of its own, so that a developer's containers of the same file are left alone.
        let project = format!("whimbrel-{}-{}", self.name.replace('.', "-"), std::process::id());
        let mut up = Command::new("sh");
        up.args(["-c", UP, "compose", self.name, "--project-name", &project, "--file"]);
        up.arg(file).env(self.port_variable, port.to_string());
        let log = site.scratch.path("compose.log");
        let mut program = Guarded::spawn(&up, None, Stop::Terminate, None, &log)?;
        let version = port::version(port, self.ask, &mut program, &log)?;
        Ok(Started { url: (self.url)(port), version, program })
    }
}
