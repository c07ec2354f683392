//! The commands: a file each, with the arguments it takes and what it does.

mod baseline;
mod check;
pub(crate) mod config;
mod data;
mod down;
mod fake;
mod find_includes;
mod generate;
mod graph;
mod history;
mod init;
pub(crate) mod later;
mod migrate;
mod new;
mod plan;
mod rebase;
mod redo;
mod resolve;
mod schema;
mod sql;
mod status;
mod trash;
mod up;
mod verify;
mod version;
mod written;

use crate::{
    failure::Failure,
    globals::{Format, Globals},
    ui::Ui,
};

macro_rules! commands {
    ($($(#[$meta:meta])* $name:ident => $($module:ident)::+,)*) => {
        /// A command and its arguments.
        #[derive(Debug, clap::Subcommand)]
        pub(crate) enum Command { $($(#[$meta])* $name($($module)::+::Args),)* }

        impl Command {
            /// Does what the command says, and gives the exit code.
            pub(crate) fn run(&self, globals: &Globals, ui: &mut Ui) -> Result<u8, Failure> {
                match self { $(Self::$name(args) => $($module)::+::run(args, globals, ui),)* }
            }
        }
    };
}

impl Command {
    /// Whether the command writes results in this format.
    pub(crate) fn writes(&self, format: Format) -> bool {
        match format {
            Format::Text | Format::Json => true,
            Format::Github | Format::Sarif | Format::Markdown => matches!(self, Self::Check(_)),
            Format::Ascii | Format::Mermaid | Format::Dot | Format::Svg => {
                matches!(self, Self::Graph(_))
                    || matches!(self, Self::Migrate(args) if args.draws())
            }
        }
    }
}

commands! {
    Init => init,
    Generate => generate,
    New => new,
    Rebase => rebase,
    Check => check,
    Up => up,
    Down => down,
    Plan => plan,
    Sql => sql,
    Status => status,
    #[command(visible_alias = "drift", aliases = ["db-diff", "db_diff"])]
    Verify => verify,
    History => history,
    Graph => graph,
    Redo => redo,
    Fake => fake,
    Baseline => baseline,
    Resolve => resolve,
    Trash => trash,
    Schema => schema,
    Data => data,
    Config => config,
    Version => version,
    // By the names that users of makemigrations know.
    #[command(hide = true)]
    Migrate => migrate,
    #[command(hide = true, name = "schema-to-sql", aliases = ["dump-sql", "dump_sql"])]
    SchemaToSql => schema::sql,
    #[command(hide = true, name = "current-state", aliases = ["current_state"])]
    CurrentState => schema::state,
    #[command(hide = true, name = "dump-data", aliases = ["dump_data"])]
    DumpData => data::dump,
    #[command(hide = true, name = "db2schema", aliases = ["db-to-schema", "db_to_schema"])]
    DbToSchema => schema::inspect,
    #[command(hide = true, alias = "find_includes")]
    FindIncludes => find_includes,
}
