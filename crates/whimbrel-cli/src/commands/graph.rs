//! `whimbrel graph`: which migration comes after which.

use std::{collections::BTreeMap, sync::Arc};

use clap::ValueEnum;
use whimbrel::{migration::Loaded, project::Checkout, render};

use crate::{
    failure::{DONE, Failure},
    globals::{Format, Globals},
    ui::Ui,
};

/// Draw which migration comes after which, without a database
#[derive(Debug, clap::Args)]
#[command(visible_alias = "dag")]
#[command(after_help = "Example:\n  whimbrel graph --format svg > migrations.svg")]
pub(crate) struct Args {
    /// How to draw it, as `--format` says it too; `--format json` gives it as data
    #[arg(long = "as", value_name = "PICTURE")]
    picture: Option<Picture>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Picture {
    /// Lines and letters
    Ascii,
    /// A Mermaid diagram, for Markdown
    Mermaid,
    /// A Graphviz diagram
    Dot,
    /// A picture
    Svg,
}

pub(crate) fn run(args: &Args, globals: &Globals, ui: &mut Ui) -> Result<u8, Failure> {
    let config = globals.load(ui)?;
    let checkout = Checkout::open(&config)?;
    let graph = &checkout.graph;
    if ui.is_json() {
        let mut loaded: BTreeMap<&str, Arc<Loaded>> = BTreeMap::new();
        for name in graph.order() {
            loaded.insert(name, checkout.migration(name)?);
        }
        // Branches that conflict have no state in common, and can be drawn all the same.
        let state = checkout.schema_after(&graph.leaves()).ok();
        ui.json(render::json(graph, |it| loaded.get(it).map(|it| &it.migration), state.as_ref()));
        return Ok(DONE);
    }
    if graph.order().len() == 0 {
        ui.note(&format!("There are no migrations in {}.", checkout.directory.shown()));
        return Ok(DONE);
    }
    let said = match globals.format {
        Format::Mermaid => Picture::Mermaid,
        Format::Dot => Picture::Dot,
        Format::Svg => Picture::Svg,
        _ => Picture::Ascii,
    };
    let picture = match args.picture.unwrap_or(said) {
        Picture::Svg => render::svg(graph, |_| None),
        Picture::Ascii => render::ascii(graph, |_| None),
        Picture::Mermaid => render::mermaid(graph),
        Picture::Dot => render::dot(graph),
    };
    ui.result(&picture);
    Ok(DONE)
}
