//! The graph for a terminal: one line a migration, with rails to its left.

use crate::migration::Graph;

/// The graph from its roots down, parents above children, and a line that names its ends:
///
/// ```text
/// ● 0001_initial
/// ├─╮
/// │ ● 0002_names
/// ● │ 0002_payments
/// ├─╯
/// ● 0003_merge_names_and_payments
///
/// root: 0001_initial
/// leaf: 0003_merge_names_and_payments
/// ```
///
/// What `remark` says of a migration stands behind its name.
pub fn ascii(graph: &Graph, remark: impl Fn(&str) -> Option<String>) -> String {
    let mut rails = Rails::default();
    let mut lines = Vec::new();
    for name in graph.order() {
        let column = rails.reach(graph, name, &mut lines);
        let remark = remark(name).map(|it| format!("  {it}")).unwrap_or_default();
        lines.push(format!("{}{name}{remark}", rails.row(column)));
        rails.leave(graph, name, column);
    }
    if lines.is_empty() {
        return "no migrations\n".to_owned();
    }
    lines.push(String::new());
    lines.push(ends("root", &graph.roots()));
    lines.push(ends("leaf", &graph.leaves()));
    lines.join("\n") + "\n"
}

fn ends(word: &str, names: &[&str]) -> String {
    let word = match (word, names.len()) {
        (word, 1) => word,
        ("leaf", _) => "leaves",
        _ => "roots",
    };
    format!("{word}: {}", names.join(", "))
}

/// A migration whose children are still to come.
struct Rail {
    name: String,
    children: usize,
}

/// The lines that run down beside the names.
#[derive(Default)]
struct Rails {
    columns: Vec<Option<Rail>>,
}

impl Rails {
    /// Leads the rails of a migration's parents to its own column, which it returns.
    fn reach(&mut self, graph: &Graph, name: &str, lines: &mut Vec<String>) -> usize {
        let parents = graph.parents(name);
        let is_parent =
            |it: &Option<Rail>| it.as_ref().is_some_and(|it| parents.contains(&it.name.as_str()));
        let from: Vec<usize> =
            (0..self.columns.len()).filter(|it| is_parent(&self.columns[*it])).collect();
        let above: Vec<bool> = self.columns.iter().map(Option::is_some).collect();
        let mut ending = None;
        for parent in &from {
            let Some(rail) = &mut self.columns[*parent] else { continue };
            rail.children -= 1;
            if rail.children == 0 {
                self.columns[*parent] = None;
                ending = ending.or(Some(*parent));
            }
        }
        let column = ending.unwrap_or_else(|| self.free(&above));
        if from.iter().any(|it| *it != column) {
            lines.push(self.connector(&above, &from, column));
        }
        column
    }

    /// A column in which no rail runs, now or in the line above.
    fn free(&mut self, above: &[bool]) -> usize {
        let free = above.iter().position(|it| !it);
        free.unwrap_or_else(|| {
            self.columns.push(None);
            self.columns.len() - 1
        })
    }

    /// A line that leads from the columns `from` to `column`.
    fn connector(&self, above: &[bool], from: &[usize], column: usize) -> String {
        let involved = || from.iter().copied().chain([column]);
        let first = involved().min().unwrap_or(column);
        let last = involved().max().unwrap_or(column);
        let mut line = String::new();
        for at in 0..self.columns.len() {
            let up = above.get(at).copied().unwrap_or(false);
            let down = at == column || self.columns[at].is_some();
            let (left, right) = (at > first && at <= last, at >= first && at < last);
            line.push(bend([up, down, left, right]));
            line.push(if right { '─' } else { ' ' });
        }
        line.trim_end().to_owned()
    }

    /// The rails beside a migration's name, with its own mark.
    fn row(&self, column: usize) -> String {
        let width = self.columns.iter().rposition(Option::is_some).map_or(0, |it| it + 1);
        (0..width.max(column + 1))
            .map(|at| match &self.columns[at] {
                _ if at == column => "● ",
                Some(_) => "│ ",
                None => "  ",
            })
            .collect()
    }

    /// Starts the rail that leads from a migration to its children.
    fn leave(&mut self, graph: &Graph, name: &str, column: usize) {
        let children = graph.children(name).len();
        self.columns[column] = (children > 0).then(|| Rail { name: name.to_owned(), children });
        while self.columns.last().is_some_and(Option::is_none) {
            self.columns.pop();
        }
    }
}

/// The character that has these ends: up, down, left and right.
fn bend(ends: [bool; 4]) -> char {
    match ends.map(u8::from) {
        [1, 1, 1, 1] => '┼',
        [1, 1, 1, 0] => '┤',
        [1, 1, 0, 1] => '├',
        [1, 0, 1, 1] => '┴',
        [1, 0, 1, 0] => '╯',
        [1, 0, 0, 1] => '╰',
        [0, 1, 1, 1] => '┬',
        [0, 1, 1, 0] => '╮',
        [0, 1, 0, 1] => '╭',
        [0, 0, 0, 0] => ' ',
        [0, 0, ..] => '─',
        _ => '│',
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migration::{Node, Parent};

    fn graph(nodes: &[(&str, &[&str])]) -> Graph {
        let parent = |it: &&str| Parent { name: (*it).to_owned(), span: None };
        let node = |(name, parents): &(&str, &[&str])| Node {
            name: (*name).to_owned(),
            parents: parents.iter().map(parent).collect(),
            span: None,
        };
        Graph::new(nodes.iter().map(node).collect()).0
    }

    #[track_caller]
    fn check(nodes: &[(&str, &[&str])], expected: &[&str]) {
        let drawn = ascii(&graph(nodes), |_| None);
        assert_eq!(drawn.lines().collect::<Vec<_>>(), expected, "\n{drawn}");
    }

    #[test]
    fn a_line_needs_one_rail() {
        check(
            &[("1", &[]), ("2", &["1"]), ("3", &["2"])],
            &["● 1", "● 2", "● 3", "", "root: 1", "leaf: 3"],
        );
    }

    #[test]
    fn branches_part_and_meet_again() {
        check(
            &[("1", &[]), ("2", &["1"]), ("3", &["1"]), ("4", &["2", "3"])],
            &["● 1", "├─╮", "│ ● 2", "● │ 3", "├─╯", "● 4", "", "root: 1", "leaf: 4"],
        );
    }

    #[test]
    fn two_roots_and_two_leaves_are_named() {
        check(
            &[("1", &[]), ("2", &[]), ("3", &["1"]), ("4", &["2"])],
            &["● 1", "│ ● 2", "● │ 3", "  ● 4", "", "roots: 1, 2", "leaves: 3, 4"],
        );
    }

    #[test]
    fn three_branches_and_a_long_edge() {
        check(
            &[("1", &[]), ("2", &["1"]), ("3", &["1"]), ("4", &["1"]), ("5", &["2", "3", "4"])],
            &[
                "● 1",
                "├─╮",
                "│ ● 2",
                "├─┼─╮",
                "│ │ ● 3",
                "● │ │ 4",
                "├─┴─╯",
                "● 5",
                "",
                "root: 1",
                "leaf: 5",
            ],
        );
    }

    #[test]
    fn remarks_stand_behind_names_and_nothing_is_said_of_nothing() {
        assert_eq!(
            ascii(&graph(&[("1", &[])]), |_| Some("(applied)".to_owned())),
            "● 1  (applied)\n\nroot: 1\nleaf: 1\n"
        );
        assert_eq!(ascii(&graph(&[]), |_| None), "no migrations\n");
    }
}
