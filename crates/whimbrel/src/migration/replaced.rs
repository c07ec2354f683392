//! Migrations that stand in the place of others: squashes, and what they replace.
//!
//! Where nothing of them has run, the squash runs and the others are not there. Where all of them
//! have run, the squash counts as applied. Where some of them have run, the others go on, and
//! the squash waits until the last of them is done.

use std::collections::{BTreeMap, BTreeSet};

use super::Node;
use crate::diagnostic::Diagnostic;

/// What each squash replaces, by its name.
pub type Replaces = BTreeMap<String, Vec<String>>;

/// Which migrations stand, given what is applied.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// The migrations that don't: others stand in their place.
    pub hidden: BTreeSet<String>,
    /// The squashes all of whose migrations have run, with these, in an order in which each comes
    /// behind those that it holds.
    pub folded: Vec<(String, Vec<String>)>,
    /// The squashes some of whose migrations have run, with all of these.
    pub waiting: Vec<(String, Vec<String>)>,
    /// What stands in the place of a hidden migration.
    instead: BTreeMap<String, Vec<String>>,
}

impl Standing {
    /// Which of these migrations stand where those are applied that `is_applied` says. One that
    /// `is_edited` since it was applied keeps its squash waiting.
    pub fn new(
        replaces: &Replaces,
        nodes: &[Node],
        is_applied: impl Fn(&str) -> bool,
        is_edited: impl Fn(&str) -> bool,
    ) -> Self {
        let mut standing = Self::default();
        let mut virtually: BTreeSet<&str> = BTreeSet::new();
        for squash in inner_first(replaces) {
            let replaced = &replaces[squash];
            if is_applied(squash) {
                standing.stand(squash, replaces);
                continue;
            }
            let ran = |it: &&String| is_applied(it) || virtually.contains(it.as_str());
            let count = replaced.iter().filter(ran).count();
            let begun = |it: &String| standing.waiting.iter().any(|(waiting, _)| waiting == it);
            let whole = count > 0 && count == replaced.len();
            if whole && !replaced.iter().any(|it| is_edited(it)) {
                virtually.insert(squash);
                standing.folded.push((squash.to_owned(), replaced.clone()));
                standing.stand(squash, replaces);
            } else if count == 0 && !replaced.iter().any(begun) {
                standing.stand(squash, replaces);
            } else {
                standing.waiting.push((squash.to_owned(), replaced.clone()));
                standing.hidden.insert(squash.to_owned());
                let ends = ends(replaced, nodes);
                standing.instead.insert(squash.to_owned(), ends);
            }
        }
        standing
    }

    /// A squash stands in the place of all that it replaces, and of what these replace.
    fn stand(&mut self, squash: &str, replaces: &Replaces) {
        let mut open: Vec<&String> = replaces[squash].iter().collect();
        let mut seen = BTreeSet::new();
        while let Some(name) = open.pop() {
            if !seen.insert(name.clone()) || name == squash {
                continue;
            }
            self.hidden.insert(name.clone());
            self.instead.insert(name.clone(), vec![squash.to_owned()]);
            self.waiting.retain(|it| it.0 != *name);
            open.extend(replaces.get(name).into_iter().flatten());
        }
    }

    /// The migrations that stand, with parents that do.
    pub fn nodes(&self, nodes: Vec<Node>) -> Vec<Node> {
        if self.hidden.is_empty() {
            return nodes;
        }
        let stands = |it: &Node| !self.hidden.contains(&it.name);
        nodes.into_iter().filter(stands).map(|it| self.with_parents(it)).collect()
    }

    fn with_parents(&self, mut node: Node) -> Node {
        let mut parents: Vec<super::Parent> = Vec::new();
        for parent in node.parents {
            for name in self.stand_in(&parent.name) {
                if name != node.name && parents.iter().all(|it| it.name != name) {
                    parents.push(super::Parent { name, span: parent.span.clone() });
                }
            }
        }
        node.parents = parents;
        node
    }

    /// What stands in the place of a migration; itself where it does.
    fn stand_in(&self, name: &str) -> Vec<String> {
        let (mut open, mut seen, mut found) = (vec![name.to_owned()], BTreeSet::new(), Vec::new());
        while let Some(name) = open.pop() {
            match self.instead.get(&name) {
                Some(instead) if seen.insert(name.clone()) => open.extend(instead.iter().cloned()),
                Some(_) => {}
                None if found.contains(&name) => {}
                None => found.push(name),
            }
        }
        found.sort();
        found
    }
}

/// The squashes, each behind those that it replaces.
fn inner_first(replaces: &Replaces) -> Vec<&str> {
    fn visit<'a>(
        name: &'a str,
        replaces: &'a Replaces,
        order: &mut Vec<&'a str>,
        open: &mut BTreeSet<&'a str>,
    ) {
        let Some(inner) = replaces.get(name) else { return };
        if order.contains(&name) || !open.insert(name) {
            return;
        }
        for name in inner {
            visit(name, replaces, order, open);
        }
        order.push(name);
    }
    let (mut order, mut open) = (Vec::new(), BTreeSet::new());
    for name in replaces.keys() {
        visit(name, replaces, &mut order, &mut open);
    }
    order
}

/// Those of `names` that no other one of them comes after directly.
fn ends(names: &[String], nodes: &[Node]) -> Vec<String> {
    let is_parent = |name: &String| {
        nodes
            .iter()
            .filter(|it| names.contains(&it.name))
            .any(|it| it.parents.iter().any(|it| it.name == *name))
    };
    names.iter().filter(|it| !is_parent(it)).cloned().collect()
}

/// What is wrong with what squashes say that they replace.
pub fn mistakes(replaces: &Replaces, nodes: &[Node]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut taken: BTreeMap<&str, &str> = BTreeMap::new();
    for (squash, replaced) in replaces {
        let place = nodes.iter().find(|it| it.name == *squash).and_then(|it| it.span.clone());
        let mut tell = |message: String, help: &str| {
            let diagnostic = Diagnostic::error(message).help(help);
            found.push(match place.clone() {
                Some(place) => diagnostic.at(place, "this one"),
                None => diagnostic,
            });
        };
        for name in replaced {
            if name == squash {
                tell(format!("migration `{squash}` replaces itself"), "take its own name out");
            } else if let Some(other) = taken.insert(name, squash) {
                tell(
                    format!("`{name}` is replaced by `{other}` and by `{squash}`"),
                    "take it out of one of the two",
                );
            }
        }
        if reaches(replaces, squash) {
            tell(
                format!("what `{squash}` replaces replaces `{squash}` in turn"),
                "take one of the two out of the other",
            );
        }
    }
    found
}

/// Whether a squash is among those that it replaces, at some remove.
fn reaches(replaces: &Replaces, squash: &str) -> bool {
    let mut open: Vec<&String> = replaces[squash].iter().filter(|it| *it != squash).collect();
    let mut seen = BTreeSet::new();
    while let Some(name) = open.pop() {
        if name == squash {
            return true;
        }
        if seen.insert(name) {
            open.extend(replaces.get(name).into_iter().flatten());
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migration::{Graph, Parent};

    fn nodes(all: &[(&str, &[&str])]) -> Vec<Node> {
        let parent = |it: &&str| Parent { name: (*it).to_owned(), span: None };
        let node = |(name, parents): &(&str, &[&str])| Node {
            name: (*name).to_owned(),
            parents: parents.iter().map(parent).collect(),
            span: None,
        };
        all.iter().map(node).collect()
    }

    fn line() -> Vec<Node> {
        nodes(&[("1", &[]), ("2", &["1"]), ("3", &["2"]), ("4", &["3"]), ("5", &["1"])])
    }

    fn replaces(all: &[(&str, &[&str])]) -> Replaces {
        let owned = |it: &[&str]| it.iter().map(|it| (*it).to_owned()).collect();
        all.iter().map(|(name, it)| ((*name).to_owned(), owned(it))).collect()
    }

    /// The order of what stands.
    fn order(replaces: &Replaces, nodes: Vec<Node>, applied: &[&str]) -> (Vec<String>, Standing) {
        let standing = Standing::new(replaces, &nodes, |it| applied.contains(&it), |_| false);
        let (graph, mistakes) = Graph::new(standing.nodes(nodes));
        assert_eq!(mistakes, []);
        (graph.order().map(str::to_owned).collect(), standing)
    }

    #[test]
    fn a_squash_stands_for_all_or_waits_for_the_rest() {
        let replaces = replaces(&[("5", &["2", "3"])]);
        assert_eq!(order(&replaces, line(), &[]).0, ["1", "5", "4"]);
        assert_eq!(order(&replaces, line(), &["1"]).0, ["1", "5", "4"]);
        let (names, standing) = order(&replaces, line(), &["1", "2"]);
        assert_eq!(names, ["1", "2", "3", "4"]);
        assert_eq!(standing.waiting.len(), 1);
        let (names, standing) = order(&replaces, line(), &["1", "2", "3"]);
        assert_eq!(names, ["1", "5", "4"]);
        assert_eq!(standing.folded.len(), 1);
        let (names, standing) = order(&replaces, line(), &["1", "5"]);
        assert_eq!((names.len(), standing.folded.len()), (3, 0));
    }

    #[test]
    fn what_comes_behind_a_waiting_squash_comes_behind_what_it_replaces() {
        let mut all = line();
        all.extend(nodes(&[("6", &["5"])]));
        all.retain(|it| it.name != "4");
        let replaces = replaces(&[("5", &["2", "3"])]);
        assert_eq!(order(&replaces, all.clone(), &["2"]).0, ["1", "2", "3", "6"]);
        assert_eq!(order(&replaces, all, &[]).0, ["1", "5", "6"]);
    }

    #[test]
    fn squashes_hold_squashes() {
        let mut all = line();
        all.extend(nodes(&[("6", &["1"])]));
        let replaces = replaces(&[("5", &["2", "3"]), ("6", &["5", "4"])]);
        assert_eq!(order(&replaces, all.clone(), &[]).0, ["1", "6"]);
        assert_eq!(order(&replaces, all.clone(), &["1", "2"]).0, ["1", "2", "3", "4"]);
        assert_eq!(order(&replaces, all.clone(), &["1", "2", "3"]).0, ["1", "5", "4"]);
        assert_eq!(order(&replaces, all.clone(), &["1", "5"]).0, ["1", "5", "4"]);
        let (names, standing) = order(&replaces, all, &["1", "2", "3", "4"]);
        assert_eq!(names, ["1", "6"]);
        assert_eq!(standing.folded.len(), 2);
    }

    #[test]
    fn a_circle_of_squashes_is_told() {
        let circle = replaces(&[("5", &["6"]), ("6", &["5"])]);
        assert_eq!(mistakes(&circle, &[]).len(), 2);
        let itself = replaces(&[("5", &["5"])]);
        assert_eq!(mistakes(&itself, &[]).len(), 1);
        let twice = replaces(&[("5", &["2"]), ("6", &["2"])]);
        assert_eq!(mistakes(&twice, &[]).len(), 1);
        Standing::new(&circle, &[], |_| false, |_| false);
    }
}
