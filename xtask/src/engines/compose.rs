//! The engines of `compose.yaml`, for a machine on which containers run and packages are not read.

use std::path::Path;
use std::process::Command;

use super::{Site, Started, port};
use crate::process::{Guarded, Stop, output};

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
        let project = format!("whimbrel-test-{}", std::process::id());
        let mut up = Command::new("docker");
        up.args(["compose", "--project-name", &project, "--file"]).arg(file);
        // In the foreground: the client stops its container when it is itself asked to stop.
        up.args(["up", "--no-log-prefix", self.name]).env(self.port_variable, port.to_string());
        let log = site.scratch.path("compose.log");
        let mut program = Guarded::spawn(&up, None, Stop::Terminate, None, &log)?;
        let version = port::version(port, self.ask, &mut program, &log)?;
        Ok(Started { url: (self.url)(port), version, program })
    }
}
