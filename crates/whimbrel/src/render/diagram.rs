//! The graph in the languages of other programs that draw.

use std::fmt::Write;

use crate::migration::Graph;

/// The graph for [Mermaid](https://mermaid.js.org/syntax/flowchart.html), top down.
pub fn mermaid(graph: &Graph) -> String {
    // Names may be words of Mermaid's own, so nodes are numbered and names are labels.
    let mut text = "flowchart TD\n".to_owned();
    for (number, name) in graph.order().enumerate() {
        let _ = writeln!(text, "    m{number}[\"{}\"]", name.replace('"', "#quot;"));
    }
    for (parent, child) in edges(graph) {
        let _ = writeln!(text, "    m{parent} --> m{child}");
    }
    text
}

/// The graph for Graphviz, top down.
pub fn dot(graph: &Graph) -> String {
    let quoted = |it: &str| format!("\"{}\"", it.replace('\\', "\\\\").replace('"', "\\\""));
    let names: Vec<&str> = graph.order().collect();
    let mut text = "digraph migrations {\n    node [shape=box];\n".to_owned();
    for name in &names {
        let _ = writeln!(text, "    {};", quoted(name));
    }
    for (parent, child) in edges(graph) {
        let _ = writeln!(text, "    {} -> {};", quoted(names[parent]), quoted(names[child]));
    }
    text + "}\n"
}

/// Parents and children by their positions in the order.
fn edges(graph: &Graph) -> Vec<(usize, usize)> {
    let positions: std::collections::BTreeMap<&str, usize> =
        graph.order().enumerate().map(|(position, name)| (name, position)).collect();
    graph
        .order()
        .flat_map(|child| graph.parents(child).into_iter().map(move |parent| (parent, child)))
        .map(|(parent, child)| (positions[parent], positions[child]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migration::{Node, Parent};

    fn graph() -> Graph {
        let node = |name: &str, parents: &[&str]| Node {
            name: name.to_owned(),
            parents: parents
                .iter()
                .map(|it| Parent { name: (*it).to_owned(), span: None })
                .collect(),
            span: None,
        };
        Graph::new(vec![node("1 \"a\"", &[]), node("end", &["1 \"a\""])]).0
    }

    #[test]
    fn any_name_can_be_drawn() {
        assert_eq!(
            mermaid(&graph()),
            "flowchart TD\n    m0[\"1 #quot;a#quot;\"]\n    m1[\"end\"]\n    m0 --> m1\n"
        );
        assert_eq!(
            dot(&graph()),
            "digraph migrations {\n    node [shape=box];\n    \"1 \\\"a\\\"\";\n    \"end\";\n    \
             \"1 \\\"a\\\"\" -> \"end\";\n}\n"
        );
    }
}
