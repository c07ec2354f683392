//! PgBouncer in transaction mode, in front of a PostgreSQL that was started before: from the path,
//! or the package of this machine's system.

use std::path::Path;
use std::process::Command;

use super::{Engine, Family, Site, Started, open_to_all, port};
use crate::fetch::{self, apt, write};
use crate::process::{Guarded, Stop};

pub(super) const ENGINE: Engine = Engine {
    middle: "PGBOUNCER",
    title: "PgBouncer",
    family: Family::Pgbouncer,
    stand_in: false,
    start,
    service: None,
};

const PACKAGES: apt::Packages =
    apt::Packages { suite: apt::Suite::OfThisMachine, names: &["pgbouncer"] };

fn start(site: &Site) -> Result<Started, String> {
    let server = site.postgres.as_deref().ok_or("there is no PostgreSQL to put it in front of")?;
    let server_port = port_of(server).ok_or_else(|| {
        format!("it can't be put in front of a server of another machine: {server}")
    })?;
    let mut command = command(site)?;
    let Site { scratch, unprivileged, .. } = site;
    let port = port::free()?;
    // Pools of databases that a test has dropped go quickly, and no pool keeps a test waiting.
    let settings = format!(
        "[databases]\n* = host=127.0.0.1 port={server_port} user=postgres\n\n[pgbouncer]\n\
         listen_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\nauth_type = any\n\
         pool_mode = transaction\ndefault_pool_size = 20\nmax_client_conn = 200\n\
         server_idle_timeout = 10\nautodb_idle_timeout = 10\n"
    );
    let file = scratch.path("pgbouncer.ini");
    write(&file, &settings)?;
    scratch.give_to(*unprivileged)?;
    command.arg(&file).current_dir(&scratch.folder);
    let log = scratch.path("pgbouncer.log");
    let folder = Some(scratch.folder.as_path());
    let mut program = Guarded::spawn(&command, *unprivileged, Stop::Terminate, folder, &log)?;
    let version = port::version(port, port::ask_postgres, &mut program, &log)?;
    let url = format!("postgres://postgres@127.0.0.1:{port}/postgres");
    Ok(Started { url, version: format!("in front of {version}"), program })
}

fn command(site: &Site) -> Result<Command, String> {
    let installed = fetch::find("pgbouncer").or_else(|| {
        Some("/usr/sbin/pgbouncer".into()).filter(|it: &std::path::PathBuf| it.is_file())
    });
    if let Some(program) = installed {
        return Ok(Command::new(program));
    }
    let root = PACKAGES
        .get(site.cache)
        .map_err(|reason| format!("`pgbouncer` is not on this machine; {reason}"))?;
    let root = open_to_all(root, site)?;
    let mut command = Command::new(root.join("usr/sbin/pgbouncer"));
    command.env("LD_LIBRARY_PATH", libraries(&root));
    Ok(command)
}

/// Where libraries are that the machine does not have.
fn libraries(root: &Path) -> std::path::PathBuf {
    root.join("usr/lib/x86_64-linux-gnu")
}

/// The port of a server on this machine.
fn port_of(url: &str) -> Option<u16> {
    let address = url.split_once('@').map_or(url, |it| it.1).split('/').next()?;
    let (host, port) = address.rsplit_once(':')?;
    matches!(host, "127.0.0.1" | "localhost").then(|| port.parse().ok())?
}
