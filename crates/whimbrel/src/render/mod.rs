//! Graphs of migrations as pictures and as data.

mod ascii;
mod diagram;

pub use self::{
    ascii::ascii,
    diagram::{dot, mermaid},
};
