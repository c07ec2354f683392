//! MariaDB, from the packages of Debian's releases.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::mysql::{ACCOUNT, CARELESS, as_root, listen};
use super::{Engine, Family, Site, Started, compose, port, unpacked};
use crate::fetch::{apt, create, read, write};
use crate::process::{Stop, run};

pub(super) const V10_11: Engine = Engine {
    middle: "MARIADB_10_11",
    title: "MariaDB 10.11",
    family: Family::Mariadb,
    stand_in: false,
    start: |site| start(&BOOKWORM, site),
    service: Some(compose::Service {
        name: "mariadb-10.11",
        port_variable: "WHIMBREL_MARIADB_10_11_PORT",
        ask: port::ask_mysql,
        url: |port| format!("mariadb://root:whimbrel@127.0.0.1:{port}/"),
    }),
};

pub(super) const V11_8: Engine = Engine {
    middle: "MARIADB_11_8",
    title: "MariaDB 11.8",
    family: Family::Mariadb,
    stand_in: false,
    start: |site| start(&TRIXIE, site),
    service: Some(compose::Service {
        name: "mariadb-11.8",
        port_variable: "WHIMBREL_MARIADB_11_8_PORT",
        ask: port::ask_mysql,
        url: |port| format!("mariadb://root:whimbrel@127.0.0.1:{port}/"),
    }),
};

const BOOKWORM: apt::Packages =
    apt::Packages { suite: apt::Suite::Debian("bookworm"), names: &["mariadb-server-core"] };
const TRIXIE: apt::Packages =
    apt::Packages { suite: apt::Suite::Debian("trixie"), names: &["mariadb-server-core"] };

/// The scripts that make the system tables, in the order in which `mariadb-install-db` runs them.
/// Newer packages name them after MariaDB, older ones after MySQL.
const SYSTEM_TABLES: [&str; 9] = [
    "mysql_system_tables.sql",
    "mariadb_system_tables.sql",
    "mysql_performance_tables.sql",
    "mariadb_performance_tables.sql",
    "mysql_system_tables_data.sql",
    "mariadb_system_tables_data.sql",
    "maria_add_gis_sp_bootstrap.sql",
    "mysql_sys_schema.sql",
    "mariadb_sys_schema.sql",
];

fn url(port: u16) -> String {
    format!("mariadb://whimbrel:whimbrel@127.0.0.1:{port}/")
}

fn start(packages: &apt::Packages, site: &Site) -> Result<Started, String> {
    let root = packages.get(site.cache)?;
    let scratch = &site.scratch;
    let data = scratch.path("data");
    create(&data)?;
    make_system_tables(&root, &data, site)?;

    let account = scratch.path("account.sql");
    write(&account, ACCOUNT)?;
    let port = port::free()?;
    let log = scratch.path("mariadbd.log");
    let mut server = server(&root, &data, site.is_durable())?;
    server.arg("--innodb-buffer-pool-size=64M");
    listen(&mut server, site, &account, port);
    let mut program = site.spawn(&server, None, Stop::Terminate, &log)?;
    let version = port::version(port, port::ask_mysql, &mut program, &log)?;
    Ok(Started { url: url(port), version, program })
}

/// Does what `mariadb-install-db` does, which is a script that expects an installed server.
fn make_system_tables(root: &Path, data: &Path, site: &Site) -> Result<(), String> {
    const LIMIT: Duration = Duration::from_mins(3);
    let mut script = "create database if not exists mysql;\nuse mysql;\n".to_owned();
    for name in SYSTEM_TABLES {
        let file = share(root).join(name);
        if file.is_file() {
            script.push_str(&read(&file)?);
        }
    }
    let file = site.scratch.path("bootstrap.sql");
    write(&file, &script)?;
    let mut bootstrap = server(root, data, site.is_durable())?;
    bootstrap.args(["--bootstrap", "--log-warnings=0", "--max-allowed-packet=8M"]);
    // A guarded program reads nothing, so that a shell inside has to hand it the script.
    let mut shell = Command::new("sh");
    shell.args(["-c", "file=$1; shift; exec \"$@\" <\"$file\"", "bootstrap"]).arg(&file);
    shell.arg(bootstrap.get_program()).args(bootstrap.get_args());
    run(&shell, None, &site.scratch.path("bootstrap.log"), LIMIT)?;
    match fs::read_dir(data.join("mysql")) {
        Ok(_) => Ok(()),
        Err(error) => Err(format!("its system tables were not made: {error}")),
    }
}

fn share(root: &Path) -> PathBuf {
    ["usr/share/mariadb", "usr/share/mysql"]
        .iter()
        .map(|folder| root.join(folder))
        .find(|folder| folder.join("charsets").is_dir())
        .unwrap_or_else(|| root.join("usr/share/mysql"))
}

fn server(root: &Path, data: &Path, durable: bool) -> Result<Command, String> {
    let mut command = unpacked::command(root, "usr/sbin/mariadbd")?;
    let option = |name: &str, path: &Path| format!("--{name}={}", path.display());
    let share = share(root);
    // Two servers that share a folder for temporary files trip over each other's.
    let temporary = data.with_extension("tmp");
    fs::create_dir_all(&temporary)
        .map_err(|error| format!("{} can't be made: {error}", temporary.display()))?;
    command.arg("--no-defaults").args([
        option("basedir", &root.join("usr")),
        option("datadir", data),
        option("tmpdir", &temporary),
        option("lc-messages-dir", &share),
        option("character-sets-dir", &share.join("charsets")),
        option("plugin-dir", &root.join("usr/lib/mysql/plugin")),
    ]);
    as_root(&mut command)?;
    if !durable {
        command.args(CARELESS);
    }
    Ok(command)
}
