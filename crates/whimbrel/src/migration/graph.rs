//! Which migration comes after which, and the one order that everybody applies them in.

use std::collections::{BTreeMap, BTreeSet};

use thiserror::Error;

use crate::diagnostic::{Diagnostic, Span, did_you_mean};

/// A migration as the graph sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Its name: its file's stem.
    pub name: String,
    /// What it comes after.
    pub parents: Vec<Parent>,
    /// A place in its file that stands for the whole, for diagnostics.
    pub span: Option<Span>,
}

/// A migration that another one names as its parent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parent {
    /// The parent's name.
    pub name: String,
    /// Where it is named.
    pub span: Option<Span>,
}

/// Migrations ordered by what they come after.
///
/// Positions are those of the names in sorted order, so that nothing depends on the order in
/// which a directory lists its files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Graph {
    names: Vec<String>,
    parents: Vec<Vec<usize>>,
    children: Vec<Vec<usize>>,
    order: Vec<usize>,
}

/// Why a word names no migration.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum LookupError {
    /// No migration begins like this.
    #[error("there is no migration `{wanted}`{}", suggestion(.similar.as_deref()))]
    NotFound {
        /// What was asked for.
        wanted: String,
        /// The nearest name.
        similar: Option<String>,
    },
    /// Several migrations begin like this.
    #[error("`{wanted}` may be {}", listed(.candidates, "or"))]
    Ambiguous {
        /// What was asked for.
        wanted: String,
        /// The names that begin like it, in order.
        candidates: Vec<String>,
    },
}

fn suggestion(similar: Option<&str>) -> String {
    similar.map(|it| format!("; did you mean `{it}`?")).unwrap_or_default()
}

/// `` `a`, `b` and `c` ``.
fn listed<S: AsRef<str>>(names: &[S], word: &str) -> String {
    let quoted: Vec<String> = names.iter().map(|it| format!("`{}`", it.as_ref())).collect();
    match quoted.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [rest @ .., last] => format!("{} {word} {last}", rest.join(", ")),
    }
}

impl Graph {
    /// The graph of these migrations, and everything that is wrong with it.
    ///
    /// A graph comes back in any case, so that listing still works: of two migrations of one
    /// name the first stays, and a parent that is missing or closes a circle is left out.
    pub fn new(nodes: Vec<Node>) -> (Self, Vec<Diagnostic>) {
        let mut diagnostics = Vec::new();
        let nodes = by_name(nodes, &mut diagnostics);
        let names: Vec<String> = nodes.keys().cloned().collect();
        let mut parents: Vec<Vec<usize>> =
            nodes.values().map(|node| known_parents(node, &names, &mut diagnostics)).collect();
        let nodes: Vec<Node> = nodes.into_values().collect();
        while let Some(cycle) = cycle(&parents) {
            diagnostics.push(circle(&nodes, &cycle));
            let (child, parent) = (cycle[cycle.len() - 1], cycle[0]);
            parents[child].retain(|it| *it != parent);
        }
        let children = reversed(&parents);
        let order = kahn(&parents, &children);
        (Self { names, parents, children, order }, diagnostics)
    }

    /// Every migration, parents before children, and by name where that leaves a choice.
    pub fn order(&self) -> impl DoubleEndedIterator<Item = &str> + ExactSizeIterator {
        self.order.iter().map(|it| self.names[*it].as_str())
    }

    /// The migrations of [`Graph::order`] that aren't among those applied.
    pub fn pending<'a>(&'a self, applied: &BTreeSet<String>) -> Vec<&'a str> {
        self.order().filter(|it| !applied.contains(*it)).collect()
    }

    /// Whether there is a migration of exactly this name.
    pub fn contains(&self, name: &str) -> bool {
        self.position(name).is_some()
    }

    /// What `name` comes directly after, by name.
    pub fn parents(&self, name: &str) -> Vec<&str> {
        self.neighbours(name, &self.parents)
    }

    /// What comes directly after `name`, by name.
    pub fn children(&self, name: &str) -> Vec<&str> {
        self.neighbours(name, &self.children)
    }

    /// The migrations that come after none, by name.
    pub fn roots(&self) -> Vec<&str> {
        self.without(&self.parents)
    }

    /// The migrations that nothing comes after, by name.
    pub fn leaves(&self) -> Vec<&str> {
        self.without(&self.children)
    }

    /// All that `name` comes after, directly or not, in order and without itself.
    pub fn ancestors(&self, name: &str) -> Vec<&str> {
        self.reachable(name, &self.parents)
    }

    /// All that comes after `name`, directly or not, in order and without itself.
    pub fn descendants(&self, name: &str) -> Vec<&str> {
        self.reachable(name, &self.children)
    }

    /// Whether some migration has several children, or there are several roots.
    pub fn has_branches(&self) -> bool {
        self.roots().len() > 1 || self.children.iter().any(|it| it.len() > 1)
    }

    /// What to say where the migrations end in several leaves: fine for applying them, but a new
    /// migration would not know what to come after.
    pub fn unmerged(&self) -> Option<Diagnostic> {
        let leaves = self.leaves();
        (leaves.len() > 1).then(|| {
            Diagnostic::error(format!(
                "the migrations end in {} leaves: {}",
                leaves.len(),
                listed(&leaves, "and")
            ))
            .note("branches were made side by side, and nothing has brought them together yet")
            .help(
                "run `whimbrel generate --merge` to write a migration that comes after all of them",
            )
        })
    }

    /// The migration called `wanted`, or the only one whose name begins like it.
    pub fn find(&self, wanted: &str) -> Result<&str, LookupError> {
        if let Some(exact) = self.position(wanted) {
            return Ok(&self.names[exact]);
        }
        let candidates: Vec<&String> =
            self.names.iter().filter(|it| !wanted.is_empty() && it.starts_with(wanted)).collect();
        match candidates.as_slice() {
            [one] => Ok(one.as_str()),
            [] => Err(LookupError::NotFound {
                wanted: wanted.to_owned(),
                similar: did_you_mean(wanted, self.names.iter().map(String::as_str))
                    .map(str::to_owned),
            }),
            several => Err(LookupError::Ambiguous {
                wanted: wanted.to_owned(),
                candidates: several.iter().map(|it| (*it).clone()).collect(),
            }),
        }
    }

    fn position(&self, name: &str) -> Option<usize> {
        self.names.binary_search_by(|it| it.as_str().cmp(name)).ok()
    }

    fn neighbours(&self, name: &str, edges: &[Vec<usize>]) -> Vec<&str> {
        let Some(position) = self.position(name) else { return Vec::new() };
        edges[position].iter().map(|it| self.names[*it].as_str()).collect()
    }

    fn without(&self, edges: &[Vec<usize>]) -> Vec<&str> {
        let empty = edges.iter().zip(&self.names).filter(|(edges, _)| edges.is_empty());
        empty.map(|(_, name)| name.as_str()).collect()
    }

    fn reachable(&self, name: &str, edges: &[Vec<usize>]) -> Vec<&str> {
        let Some(start) = self.position(name) else { return Vec::new() };
        let mut seen = vec![false; self.names.len()];
        let mut open = edges[start].clone();
        while let Some(next) = open.pop() {
            if !std::mem::replace(&mut seen[next], true) {
                open.extend(&edges[next]);
            }
        }
        let reached = self.order.iter().filter(|it| seen[**it]);
        reached.map(|it| self.names[*it].as_str()).collect()
    }
}

/// One node a name; the others are told.
fn by_name(nodes: Vec<Node>, diagnostics: &mut Vec<Diagnostic>) -> BTreeMap<String, Node> {
    let mut groups: BTreeMap<String, Vec<Node>> = BTreeMap::new();
    for node in nodes {
        groups.entry(node.name.clone()).or_default().push(node);
    }
    let mut kept = BTreeMap::new();
    for (name, mut group) in groups {
        group.sort_by_key(|it| it.span.as_ref().map(|span| span.file.name.clone()));
        if group.len() > 1 {
            diagnostics.push(duplicate(&name, &group));
        }
        kept.insert(name, group.swap_remove(0));
    }
    kept
}

fn duplicate(name: &str, group: &[Node]) -> Diagnostic {
    let spans: Vec<&Span> = group.iter().filter_map(|it| it.span.as_ref()).collect();
    let mut diagnostic =
        Diagnostic::error(format!("{} migrations are called `{name}`", group.len()))
            .note("a migration is called what its file is called, without the extension")
            .help("rename one of the files, and the parents that mean it");
    let files: Vec<&str> = spans.iter().map(|it| it.file.name.as_str()).collect();
    if !files.is_empty() {
        diagnostic = diagnostic.note(format!("the files are {}", listed(&files, "and")));
    }
    let mut spans = spans.into_iter().cloned();
    if let Some(first) = spans.next() {
        diagnostic = diagnostic.at(first, "the first");
    }
    spans.fold(diagnostic, |it, span| it.and(span, "another"))
}

/// The positions of a node's parents, sorted; what is no parent is told.
fn known_parents(node: &Node, names: &[String], diagnostics: &mut Vec<Diagnostic>) -> Vec<usize> {
    let mut known = BTreeSet::new();
    for parent in &node.parents {
        let at = |it: Diagnostic, label: &str| match parent.span.clone().or(node.span.clone()) {
            Some(span) => it.at(span, label),
            None => it,
        };
        if parent.name == node.name {
            let message = format!("migration `{}` comes after itself", node.name);
            diagnostics.push(
                at(Diagnostic::error(message), "this is its own name")
                    .help("name the migration that comes before it"),
            );
            continue;
        }
        match names.binary_search(&parent.name) {
            Ok(position) => {
                if !known.insert(position) {
                    let message =
                        format!("migration `{}` names `{}` twice", node.name, parent.name);
                    diagnostics.push(at(Diagnostic::warning(message), "named before"));
                }
            }
            Err(_) => diagnostics.push(at(missing(node, parent, names), "no such migration")),
        }
    }
    known.into_iter().collect()
}

fn missing(node: &Node, parent: &Parent, names: &[String]) -> Diagnostic {
    let message = format!(
        "migration `{}` comes after `{}`, and there is no such migration",
        node.name, parent.name
    );
    let others = names.iter().map(String::as_str).filter(|it| *it != node.name);
    Diagnostic::error(message).help(match did_you_mean(&parent.name, others) {
        Some(similar) => format!("did you mean `{similar}`?"),
        None => "add its file, or name a migration that is there".to_owned(),
    })
}

/// A circle of positions, each of which has the next as a parent, and the last one the first.
fn cycle(parents: &[Vec<usize>]) -> Option<Vec<usize>> {
    let sorted = kahn(parents, &reversed(parents));
    let mut open = vec![true; parents.len()];
    for position in sorted {
        open[position] = false;
    }
    // Whatever Kahn's order can't reach has a parent that it can't reach either, so that
    // going from parent to parent must come back to where it has been.
    let mut path = vec![open.iter().position(|it| *it)?];
    loop {
        let here = path[path.len() - 1];
        let next = parents[here].iter().copied().find(|it| open[*it])?;
        if let Some(start) = path.iter().position(|it| *it == next) {
            let circle = path.split_off(start);
            let least = (0..circle.len()).min_by_key(|it| circle[*it])?;
            return Some([&circle[least..], &circle[..least]].concat());
        }
        path.push(next);
    }
}

fn circle(nodes: &[Node], cycle: &[usize]) -> Diagnostic {
    let closed = cycle.iter().chain(cycle.first());
    let path: Vec<String> = closed.map(|it| format!("`{}`", nodes[*it].name)).collect();
    let mut diagnostic =
        Diagnostic::error(format!("migrations come after one another: {}", path.join(" → ")))
            .note("each comes after the next, so none of them could ever be the first")
            .help("change the parent of one of them");
    for (step, child) in cycle.iter().enumerate() {
        let parent = &nodes[cycle[(step + 1) % cycle.len()]].name;
        let named = nodes[*child].parents.iter().find(|it| it.name == *parent);
        let span = named.and_then(|it| it.span.clone()).or(nodes[*child].span.clone());
        let label = format!("`{}` comes after `{parent}`", nodes[*child].name);
        diagnostic = match span {
            Some(span) if diagnostic.span.is_none() => diagnostic.at(span, label),
            Some(span) => diagnostic.and(span, label),
            None => diagnostic,
        };
    }
    diagnostic
}

fn reversed(edges: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut reversed = vec![Vec::new(); edges.len()];
    for (from, targets) in edges.iter().enumerate() {
        for to in targets {
            reversed[*to].push(from);
        }
    }
    reversed
}

/// Kahn's order: of all that is ready, the first by name. What stands in a circle or behind one
/// is missing from it.
fn kahn(parents: &[Vec<usize>], children: &[Vec<usize>]) -> Vec<usize> {
    let mut waiting: Vec<usize> = parents.iter().map(Vec::len).collect();
    let mut ready: BTreeSet<usize> = (0..parents.len()).filter(|it| waiting[*it] == 0).collect();
    let mut order = Vec::with_capacity(parents.len());
    while let Some(next) = ready.pop_first() {
        order.push(next);
        for child in &children[next] {
            waiting[*child] -= 1;
            if waiting[*child] == 0 {
                ready.insert(*child);
            }
        }
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::SourceFile;

    fn node(name: &str, parents: &[&str]) -> Node {
        node_in(&format!("{name}.rs"), name, parents)
    }

    /// A node whose file's text is the list of its parents, so that spans can be checked.
    fn node_in(file: &str, name: &str, parents: &[&str]) -> Node {
        let text = parents.join(" ");
        let file = SourceFile::new(file, text.clone());
        let span = |range| Some(Span { file: file.clone(), range });
        let mut start = 0;
        let parents = parents
            .iter()
            .map(|it| {
                let range = start..start + it.len();
                start = range.end + 1;
                Parent { name: (*it).to_owned(), span: span(range) }
            })
            .collect();
        Node { name: name.to_owned(), parents, span: span(0..0) }
    }

    fn graph(nodes: &[(&str, &[&str])]) -> Graph {
        let (graph, diagnostics) =
            Graph::new(nodes.iter().map(|(name, parents)| node(name, parents)).collect());
        assert_eq!(diagnostics, []);
        graph
    }

    fn diamond() -> Graph {
        graph(&[
            ("0004_merge", &["0002_b", "0003_c"]),
            ("0003_c", &["0001_a"]),
            ("0002_b", &["0001_a"]),
            ("0001_a", &[]),
        ])
    }

    fn complaints(nodes: Vec<Node>) -> (Vec<String>, Vec<String>) {
        let (graph, diagnostics) = Graph::new(nodes);
        let told = diagnostics.iter().map(|it| {
            let related =
                it.related.iter().map(|(span, label)| format!("\n  {}: {label}", span.file.name));
            let notes = it.notes.iter().map(|it| format!("\n  note: {it}"));
            let help = it.help.iter().map(|it| format!("\n  help: {it}"));
            it.to_string() + &related.chain(notes).chain(help).collect::<String>()
        });
        (told.collect(), graph.order().map(str::to_owned).collect())
    }

    #[test]
    fn parents_come_first_and_names_decide_the_rest() {
        let order: Vec<_> = diamond().order().map(str::to_owned).collect();
        assert_eq!(order, ["0001_a", "0002_b", "0003_c", "0004_merge"]);
        let late = graph(&[("a", &["z"]), ("z", &[]), ("m", &[])]);
        assert_eq!(late.order().collect::<Vec<_>>(), ["m", "z", "a"]);
    }

    #[test]
    fn a_merge_ends_the_branches() {
        let graph = diamond();
        assert!(graph.has_branches());
        assert_eq!(graph.leaves(), ["0004_merge"]);
        assert_eq!(graph.roots(), ["0001_a"]);
        assert_eq!(graph.unmerged(), None);
        assert_eq!(graph.ancestors("0004_merge"), ["0001_a", "0002_b", "0003_c"]);
        assert_eq!(graph.ancestors("0003_c"), ["0001_a"]);
        assert_eq!(graph.descendants("0002_b"), ["0004_merge"]);
        assert_eq!(graph.parents("0004_merge"), ["0002_b", "0003_c"]);
        assert_eq!(graph.children("0001_a"), ["0002_b", "0003_c"]);
        assert_eq!(graph.children("nobody"), [""; 0]);
    }

    #[test]
    fn two_leaves_are_named() {
        let graph = graph(&[("0001_a", &[]), ("0002_b", &["0001_a"]), ("0002_c", &["0001_a"])]);
        let told = graph.unmerged().expect("two leaves");
        assert_eq!(told.message, "the migrations end in 2 leaves: `0002_b` and `0002_c`");
    }

    #[test]
    fn pending_keeps_the_order() {
        let applied = ["0001_a".to_owned(), "0003_c".to_owned()].into();
        assert_eq!(diamond().pending(&applied), ["0002_b", "0004_merge"]);
    }

    #[test]
    fn a_unique_beginning_is_enough() {
        let graph = graph(&[("0001_a", &[]), ("0010_b", &["0001_a"]), ("0010_b2", &["0010_b"])]);
        assert_eq!(graph.find("0001"), Ok("0001_a"));
        assert_eq!(graph.find("0010_b"), Ok("0010_b"));
        assert_eq!(
            graph.find("0010").map_err(|it| it.to_string()),
            Err("`0010` may be `0010_b` or `0010_b2`".to_owned())
        );
        assert_eq!(
            graph.find("0001_b").map_err(|it| it.to_string()),
            Err("there is no migration `0001_b`; did you mean `0001_a`?".to_owned())
        );
        assert_eq!(
            graph.find("").map_err(|it| it.to_string()),
            Err("there is no migration ``".to_owned())
        );
    }

    #[test]
    fn a_missing_parent_is_shown_where_it_is_named() {
        let (told, order) = complaints(vec![
            node("0001_users", &[]),
            node("0002_orders", &["0001_user"]),
            node("0003_far", &["0000_elsewhere_entirely"]),
        ]);
        assert_eq!(
            told,
            [
                "0002_orders.rs:1:1: migration `0002_orders` comes after `0001_user`, and there \
                 is no such migration (no such migration)\n  help: did you mean `0001_users`?",
                "0003_far.rs:1:1: migration `0003_far` comes after `0000_elsewhere_entirely`, and \
                 there is no such migration (no such migration)\n  help: add its file, or name a \
                 migration that is there",
            ]
        );
        assert_eq!(order, ["0001_users", "0002_orders", "0003_far"]);
    }

    #[test]
    fn a_circle_is_shown_as_a_path() {
        let (told, order) = complaints(vec![
            node("0001_a", &[]),
            node("0002_b", &["0001_a", "0004_d"]),
            node("0003_c", &["0002_b"]),
            node("0004_d", &["0003_c"]),
            node("0005_e", &["0004_d"]),
        ]);
        assert_eq!(
            told,
            ["0002_b.rs:1:8: migrations come after one another: `0002_b` → `0004_d` → `0003_c` → \
              `0002_b` (`0002_b` comes after `0004_d`)\
              \n  0004_d.rs: `0004_d` comes after `0003_c`\
              \n  0003_c.rs: `0003_c` comes after `0002_b`\
              \n  note: each comes after the next, so none of them could ever be the first\
              \n  help: change the parent of one of them"]
        );
        assert_eq!(order.len(), 5);
    }

    #[test]
    fn a_migration_that_comes_after_itself_is_told() {
        let (told, _) = complaints(vec![node("0001_a", &["0001_a"])]);
        assert_eq!(
            told,
            ["0001_a.rs:1:1: migration `0001_a` comes after itself (this is its own name)\
              \n  help: name the migration that comes before it"]
        );
    }

    #[test]
    fn a_parent_named_twice_is_a_warning() {
        let (told, _) = complaints(vec![node("a", &[]), node("b", &["a", "a"])]);
        assert_eq!(told, ["b.rs:1:3: migration `b` names `a` twice (named before)"]);
    }

    #[test]
    fn two_files_of_one_name_are_both_shown() {
        let (told, order) = complaints(vec![
            node_in("0002_a.sql", "0002_a", &[]),
            node_in("0002_a.rs", "0002_a", &[]),
        ]);
        assert_eq!(
            told,
            ["0002_a.rs:1:1: 2 migrations are called `0002_a` (the first)\
              \n  0002_a.sql: another\
              \n  note: a migration is called what its file is called, without the extension\
              \n  note: the files are `0002_a.rs` and `0002_a.sql`\
              \n  help: rename one of the files, and the parents that mean it"]
        );
        assert_eq!(order, ["0002_a"]);
    }

    #[test]
    fn the_order_of_the_files_changes_nothing() {
        let nodes = || {
            vec![
                node("0003_c", &["0001_a", "0002_b"]),
                node("0002_b", &["0003_c"]),
                node_in("other.rs", "0001_a", &["0009_z"]),
                node("0001_a", &[]),
            ]
        };
        let mut reversed = nodes();
        reversed.reverse();
        assert_eq!(Graph::new(nodes()), Graph::new(reversed));
    }
}
