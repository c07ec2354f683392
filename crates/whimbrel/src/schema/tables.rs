//! Tables ordered by name, in pages that copies share: a copy of a thousand tables costs as much as
//! a list of thirty.
//!
//! Every operation is planned between the schema before it and the schema after it, so schemas
//! are copied far more often than they change.

use std::{fmt, sync::Arc};

use whimbrel_migration::{Name, Table};

/// The most tables on a page.
const PAGE: usize = 64;

/// Tables ordered by name.
#[derive(Clone, Default)]
pub(super) struct Tables {
    /// None of them empty.
    pages: Vec<Arc<Vec<Arc<Table>>>>,
    count: usize,
}

/// Where a table stands or would stand: the page, and the place on it.
type Place = (usize, Result<usize, usize>);

impl Tables {
    pub(super) fn iter(&self) -> Iter<'_> {
        Iter { pages: &self.pages, page: 0, place: 0, left: self.count }
    }

    pub(super) fn get(&self, name: &Name) -> Option<&Arc<Table>> {
        match self.find(name) {
            (page, Ok(place)) => Some(&self.pages[page][place]),
            (_, Err(_)) => None,
        }
    }

    pub(super) fn get_mut(&mut self, name: &Name) -> Option<&mut Arc<Table>> {
        match self.find(name) {
            (page, Ok(place)) => Some(&mut Arc::make_mut(&mut self.pages[page])[place]),
            (_, Err(_)) => None,
        }
    }

    /// Adds a table; of two of one name the later stays.
    pub(super) fn insert(&mut self, table: Arc<Table>) {
        if self.pages.is_empty() {
            self.pages.push(Arc::default());
        }
        let (page, place) = self.find(&table.name);
        let is_last = page + 1 == self.pages.len();
        let tables = Arc::make_mut(&mut self.pages[page]);
        match place {
            Ok(place) => tables[place] = table,
            Err(place) => {
                tables.insert(place, table);
                self.count += 1;
            }
        }
        if tables.len() > PAGE {
            // Tables that come in the order of their names leave full pages behind.
            let at_the_end = is_last && place == Err(PAGE);
            let second = tables.split_off(if at_the_end { PAGE } else { PAGE / 2 });
            self.pages.insert(page + 1, Arc::new(second));
        }
    }

    pub(super) fn remove(&mut self, name: &Name) -> Option<Arc<Table>> {
        let (page, Ok(place)) = self.find(name) else { return None };
        let table = Arc::make_mut(&mut self.pages[page]).remove(place);
        self.count -= 1;
        if self.pages[page].is_empty() {
            self.pages.remove(page);
        }
        Some(table)
    }

    /// What comes behind every table belongs on the last page.
    fn find(&self, name: &Name) -> Place {
        let ends_before =
            |page: &Arc<Vec<Arc<Table>>>| page.last().is_some_and(|it| it.name < *name);
        let page = self.pages.partition_point(ends_before);
        let page = page.min(self.pages.len().saturating_sub(1));
        let place = match self.pages.get(page) {
            Some(tables) => tables.binary_search_by(|it| it.name.cmp(name)),
            None => Err(0),
        };
        (page, place)
    }
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
    pages: &'a [Arc<Vec<Arc<Table>>>],
    page: usize,
    place: usize,
    left: usize,
}

impl<'a> Iterator for Iter<'a> {
    type Item = &'a Arc<Table>;

    fn next(&mut self) -> Option<Self::Item> {
        let page = self.pages.get(self.page)?;
        let table = page.get(self.place)?;
        self.place += 1;
        if self.place == page.len() {
            (self.page, self.place) = (self.page + 1, 0);
        }
        self.left -= 1;
        Some(table)
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
    fn pages_hold_what_a_map_would() {
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
        assert_eq!(tables, copy, "the pages differ, the tables don't");
    }
}
