//! Graphs of migrations as pictures and as data.

mod ascii;
mod diagram;
mod json;
mod svg;

pub use self::{
    ascii::ascii,
    diagram::{dot, mermaid},
    json::{JSON_VERSION, json},
    svg::svg,
};
