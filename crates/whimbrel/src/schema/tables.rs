//! Tables ordered by name, in a tree that copies share: a copy of ten thousand tables costs as much
//! as one of none, and a change copies the few nodes that lead to it.
//!
//! Every operation is planned between the schema before it and the schema after it, so schemas
//! are copied as often as they change.

use std::{fmt, slice, sync::Arc};

use whimbrel_migration::{Name, Table};

/// The most that stands in a node.
const MOST: usize = 16;

/// Tables ordered by name.
#[derive(Clone, Default)]
pub(super) struct Tables {
    root: Arc<Node>,
    count: usize,
}

/// A part of the tables. None is empty but the root.
#[derive(Clone)]
enum Node {
    /// Tables in the order of their names.
    Leaf(Vec<Arc<Table>>),
    /// Parts, each of which comes behind the ones before it.
    Branch(Vec<Arc<Node>>),
}

impl Default for Node {
    fn default() -> Self {
        Self::Leaf(Vec::new())
    }
}

impl Tables {
    pub(super) fn iter(&self) -> Iter<'_> {
        let mut iter = Iter { branches: Vec::new(), leaf: [].iter(), left: self.count };
        iter.enter(&self.root);
        iter
    }

    pub(super) fn get(&self, name: &Name) -> Option<&Arc<Table>> {
        self.root.get(name)
    }

    pub(super) fn get_mut(&mut self, name: &Name) -> Option<&mut Arc<Table>> {
        Node::get_mut(&mut self.root, name)
    }

    /// Adds a table; of two of one name the later stays.
    pub(super) fn insert(&mut self, table: Arc<Table>) {
        let inserted = Node::insert(&mut self.root, table, true);
        self.count += usize::from(inserted.is_new);
        if let Some(second) = inserted.second {
            let first = std::mem::take(&mut self.root);
            self.root = Arc::new(Node::Branch(vec![first, second]));
        }
    }

    pub(super) fn remove(&mut self, name: &Name) -> Option<Arc<Table>> {
        let table = Node::remove(&mut self.root, name)?;
        self.count -= 1;
        // A root of one part is that part; one without any is a leaf again.
        while let Node::Branch(parts) = &*self.root
            && parts.len() < 2
        {
            self.root = parts.first().cloned().unwrap_or_default();
        }
        Some(table)
    }
}

/// What has come of adding a table to a node.
struct Inserted {
    /// Whether there was none of its name.
    is_new: bool,
    /// The node that takes what was too much for this one, behind it.
    second: Option<Arc<Node>>,
}

impl Node {
    /// Its last table.
    fn last(&self) -> Option<&Arc<Table>> {
        match self {
            Self::Leaf(tables) => tables.last(),
            Self::Branch(parts) => parts.last()?.last(),
        }
    }

    fn is_empty(&self) -> bool {
        match self {
            Self::Leaf(tables) => tables.is_empty(),
            Self::Branch(parts) => parts.is_empty(),
        }
    }

    fn get(&self, name: &Name) -> Option<&Arc<Table>> {
        match self {
            Self::Leaf(tables) => place(tables, name).ok().map(|at| &tables[at]),
            Self::Branch(parts) => parts.get(part(parts, name))?.get(name),
        }
    }

    /// The table to be changed. Nothing is copied where there is none.
    fn get_mut<'a>(node: &'a mut Arc<Self>, name: &Name) -> Option<&'a mut Arc<Table>> {
        node.get(name)?;
        match Arc::make_mut(node) {
            Self::Leaf(tables) => place(tables, name).ok().map(|at| &mut tables[at]),
            Self::Branch(parts) => {
                let at = part(parts, name);
                Self::get_mut(parts.get_mut(at)?, name)
            }
        }
    }

    /// Adds a table; `is_last` says that nothing stands behind this node.
    fn insert(node: &mut Arc<Self>, table: Arc<Table>, is_last: bool) -> Inserted {
        match Arc::make_mut(node) {
            Self::Leaf(tables) => {
                let at = match place(tables, &table.name) {
                    Ok(at) => {
                        tables[at] = table;
                        return Inserted { is_new: false, second: None };
                    }
                    Err(at) => at,
                };
                tables.insert(at, table);
                let second = overflow(tables, at, is_last).map(Self::Leaf).map(Arc::new);
                Inserted { is_new: true, second }
            }
            Self::Branch(parts) => {
                let at = part(parts, &table.name);
                let is_last = is_last && at + 1 == parts.len();
                let Inserted { is_new, second } = Self::insert(&mut parts[at], table, is_last);
                let Some(second) = second else { return Inserted { is_new, second: None } };
                parts.insert(at + 1, second);
                let second = overflow(parts, at + 1, is_last).map(Self::Branch).map(Arc::new);
                Inserted { is_new, second }
            }
        }
    }

    /// Takes a table out, and with it the nodes that it leaves empty. Nothing is copied where there is
    /// none.
    fn remove(node: &mut Arc<Self>, name: &Name) -> Option<Arc<Table>> {
        node.get(name)?;
        match Arc::make_mut(node) {
            Self::Leaf(tables) => place(tables, name).ok().map(|at| tables.remove(at)),
            Self::Branch(parts) => {
                let at = part(parts, name);
                let table = Self::remove(parts.get_mut(at)?, name)?;
                if parts[at].is_empty() {
                    parts.remove(at);
                }
                Some(table)
            }
        }
    }
}

/// Where a table stands among others, or would stand.
fn place(tables: &[Arc<Table>], name: &Name) -> Result<usize, usize> {
    tables.binary_search_by(|it| it.name.cmp(name))
}

/// The part where a table stands or would stand: what comes behind every table belongs to the last.
fn part(parts: &[Arc<Node>], name: &Name) -> usize {
    let ends_before = |it: &Arc<Node>| it.last().is_some_and(|it| it.name < *name);
    parts.partition_point(ends_before).min(parts.len().saturating_sub(1))
}

/// What is too much for a node, once something was added `at` a place of it. What comes in the order
/// of the names leaves full nodes behind.
fn overflow<T>(all: &mut Vec<T>, at: usize, is_last: bool) -> Option<Vec<T>> {
    let ends = if is_last && at == MOST { MOST } else { MOST / 2 };
    (all.len() > MOST).then(|| all.split_off(ends))
}

impl PartialEq for Tables {
    /// Equal tables are equal, however they are spread over pages.
    fn eq(&self, other: &Self) -> bool {
        let same =
            |(one, other): (&Arc<Table>, &Arc<Table>)| Arc::ptr_eq(one, other) || one == other;
        self.count == other.count && self.iter().zip(other.iter()).all(same)
    }
}

impl Eq for Tables {}

impl fmt::Debug for Tables {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// The tables in the order of their names.
pub(super) struct Iter<'a> {
    /// What is left of the branches that lead to the leaf, the root's first.
    branches: Vec<slice::Iter<'a, Arc<Node>>>,
    leaf: slice::Iter<'a, Arc<Table>>,
    left: usize,
}

impl<'a> Iter<'a> {
    /// Goes down to the first leaf of a node.
    fn enter(&mut self, mut node: &'a Node) {
        loop {
            match node {
                Node::Leaf(tables) => {
                    self.leaf = tables.iter();
                    return;
                }
                Node::Branch(parts) => {
                    let mut parts = parts.iter();
                    let Some(first) = parts.next() else { return };
                    self.branches.push(parts);
                    node = first;
                }
            }
        }
    }
}

impl<'a> Iterator for Iter<'a> {
    type Item = &'a Arc<Table>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(table) = self.leaf.next() {
                self.left -= 1;
                return Some(table);
            }
            match self.branches.last_mut()?.next() {
                Some(node) => self.enter(node),
                None => drop(self.branches.pop()),
            }
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl ExactSizeIterator for Iter<'_> {}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// Names in an order that jumps: each step is prime to their number.
    fn names(count: usize, step: usize) -> impl Iterator<Item = Name> {
        (0..count).map(move |it| Name::new(format!("t{:03}", it * step % count)))
    }

    fn table(name: Name) -> Arc<Table> {
        Arc::new(Table::new(name))
    }

    #[test]
    fn the_tree_holds_what_a_map_would() {
        for step in [1, 7, 499] {
            let (mut tables, mut map) = (Tables::default(), BTreeMap::new());
            for name in names(500, step) {
                tables.insert(table(name.clone()));
                map.insert(name.clone(), table(name));
                assert_eq!(tables.iter().len(), map.len());
            }
            assert!(tables.iter().eq(map.values()), "step {step}");
            for name in names(500, 11).step_by(2) {
                assert_eq!(tables.remove(&name), map.remove(&name));
                assert_eq!(tables.get(&name), None);
            }
            assert!(tables.iter().eq(map.values()), "step {step}");
            assert!(names(500, 3).all(|it| tables.get(&it) == map.get(&it)), "step {step}");
        }
    }

    #[test]
    fn a_copy_keeps_what_the_other_changes() {
        let mut tables = Tables::default();
        names(200, 7).for_each(|it| tables.insert(table(it)));
        let copy = tables.clone();
        let name = Name::new("t100");
        let changed = Arc::make_mut(tables.get_mut(&name).expect("it is there"));
        changed.primary_key.push("id".to_owned());
        assert_ne!(tables, copy);
        tables.remove(&name);
        assert_eq!(copy.get(&name).map(|it| it.primary_key.len()), Some(0));
        tables.insert(table(name));
        assert_eq!(tables, copy, "the nodes differ, the tables don't");
    }
}
