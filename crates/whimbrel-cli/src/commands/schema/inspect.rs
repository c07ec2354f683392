//! `whimbrel schema inspect`: a live database as a schema file.

use std::path::{Path, PathBuf};

use serde_json::json;
use whimbrel::{
    dialect::Namespaces,
    history, project,
    schema::{Found, Opaque},
    source::{
        live::{self, Scope},
        yaml,
    },
};

use crate::{
    failure::{DONE, Failure, PASSING, REFUSED, USAGE},
    globals::Globals,
    target::{self, Purpose},
    ui::Ui,
};

/// Show a live database as a schema file
///
/// What a schema file has no words for, such as policies and events, is listed in comments. Nothing
/// in the database is changed, and no history is needed.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  whimbrel schema inspect --url postgres://app@db/orders -o schema/schema.yaml"
)]
pub(crate) struct Args {
    /// Write it into this file, which must not be there yet
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Read this namespace too, beside the one that the connection works in
    #[arg(long, value_name = "NAME")]
    namespace: Vec<String>,
}

pub(crate) fn run(args: &Args, globals: &Globals, ui: &mut Ui) -> Result<u8, Failure> {
    let config = globals.load(ui)?;
    let file = match &args.output {
        Some(file) => Some(globals.directory()?.join(file)),
        None => None,
    };
    if let Some(shown) = &args.output
        && file.as_deref().is_some_and(Path::exists)
    {
        return Err(taken(shown));
    }
    let target = target::target(&config, Purpose::Read)?;
    let mut session = target::connect(&target, &config, Purpose::Read, ui)?;
    let (connection, dialect) = (&mut *session.connection, session.dialect);
    let refused = |error: whimbrel::connection::DatabaseError| {
        let code = if error.trouble.passes() { PASSING } else { REFUSED };
        let hint = error.hint.clone();
        Failure { hint, ..Failure::new(code, format!("the catalog can't be read: {error}")) }
    };
    if let (Some(name), Namespaces::Unsupported { because }) =
        (args.namespace.first(), dialect.namespaces)
    {
        let message = format!("there is no namespace `{name}`: {because}");
        return Err(Failure::new(USAGE, message).hint("leave `--namespace` out"));
    }
    let survey = history::survey(connection, dialect).map_err(refused)?;
    let scope = Scope { own: &survey.namespace, others: &args.namespace };
    let found = live::read(connection, dialect, scope).map_err(refused)?;
    let server = connection.server();
    let from = format!("{} {} · {}", server.product, server.version, server.database);
    let text = yaml::print_found(&found, &from);
    if let Some(file) = &file {
        project::write_new(file, &text)?;
    }
    if ui.is_json() {
        ui.json(json!({
            "created": args.output.as_ref().map(|it| it.display().to_string()),
            "schema": text,
            "opaque": found.opaque,
        }));
    } else if let Some(file) = &args.output {
        ui.result(&format!("created {}", file.display()));
    } else {
        ui.result(&text);
    }
    for name in args.namespace.iter().filter(|it| !holds(&found, it)) {
        ui.note(&format!(
            "warning: nothing was found of namespace `{name}`; is it there, and may this role see it?"
        ));
    }
    if let Some(warning) = warning(&found) {
        ui.note(&warning);
    }
    Ok(DONE)
}

/// Whether the namespace was found, or something that stands in it.
fn holds(found: &Found, namespace: &str) -> bool {
    let tables = found.schema.tables().map(|it| &it.name);
    let others = found.opaque.iter().map(|it| it.table.as_ref().unwrap_or(&it.name));
    let stands = |it: &whimbrel::schema::Name| it.namespace.as_deref() == Some(namespace);
    found.schema.namespaces.contains(namespace) || tables.chain(others).any(stands)
}

fn taken(file: &Path) -> Failure {
    Failure::new(REFUSED, format!("`{}` is there already", file.display()))
        .note("nothing was read or written")
        .hint("name another file, or move this one away first")
}

/// What the file says in comments only.
fn warning(found: &Found) -> Option<String> {
    const SHOWN: usize = 8;
    let count = found.opaque.len();
    let mut titles: Vec<String> = found.opaque.iter().take(SHOWN).map(Opaque::to_string).collect();
    if count > SHOWN {
        titles.push(format!("{} more", count - SHOWN));
    }
    (count > 0).then(|| {
        format!(
            "warning: a schema file has no words for {}; they stand in its comments",
            titles.join(", ")
        )
    })
}
