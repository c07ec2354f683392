//! The commands: a file each, with the arguments it takes and what it does.

pub(crate) mod later;

use crate::{failure::Failure, globals::Globals, ui::Ui};

macro_rules! commands {
    ($($module:ident => $name:ident,)*) => {
        $(mod $module;)*

        /// A command and its arguments.
        #[derive(Debug, clap::Subcommand)]
        pub(crate) enum Command { $($name($module::Args),)* }

        impl Command {
            /// Does what the command says, and gives the exit code.
            pub(crate) fn run(&self, globals: &Globals, ui: &mut Ui) -> Result<u8, Failure> {
                match self { $(Self::$name(args) => $module::run(args, globals, ui),)* }
            }
        }
    };
}

commands! {
    init => Init,
    schema => Schema,
    config => Config,
    version => Version,
}
