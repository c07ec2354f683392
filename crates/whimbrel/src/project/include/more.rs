//! Writing into a schema file that it includes more.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{
    diagnostic::{Diagnostic, SourceFile},
    source::{self, Included},
};

use crate::project::{Config, Error, declared::own_files, write};

/// Adds `more` to the `include` of a schema file: of `into`, or of the project's first one. Every
/// other letter of it stays. Gives the file.
pub fn include_more(
    config: &Config,
    into: Option<&Path>,
    more: &[Included],
) -> Result<PathBuf, Error> {
    let path = match into {
        Some(path) => path.to_owned(),
        None => own_files(config)?
            .into_iter()
            .next()
            .map(|(path, _)| path)
            .ok_or_else(|| Error::NoSchema { path: config.schema() })?,
    };
    let text = fs::read_to_string(&path).map_err(|it| Error::file("read", &path, it))?;
    let file = SourceFile::new(config.display(&path), text);
    let Some(include_more) = source::format_of(&file.name).and_then(|it| it.include_more) else {
        let message = format!("`{}` is in no format that can be written to", file.name);
        return Err(Error::Texts(vec![
            Diagnostic::error(message).help("name one of the schema files"),
        ]));
    };
    let text = include_more(&file, more).map_err(Error::Texts)?;
    write::replace(&path, &text)?;
    Ok(path)
}
