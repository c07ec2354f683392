//! Enums of databases that have them at each column alone.

use std::collections::BTreeMap;

use super::Tables;
use crate::schema::{Name, Schema};

/// The enums that the columns' types speak of; of two of one name the first counts.
pub(super) fn enumerations(schema: &Schema) -> BTreeMap<Name, Vec<String>> {
    let columns = schema.tables().flat_map(|it| &it.columns);
    let used = columns.filter_map(|it| it.column.data_type.enumeration());
    let mut found = BTreeMap::new();
    for (name, values) in used {
        found.entry(name.clone()).or_insert_with(|| values.to_vec());
    }
    found
}

/// Gives the enums of columns that have no names such as nobody has yet: `<table>_<column>`.
pub(super) fn name_them(tables: &mut Tables) {
    let mut taken: BTreeMap<Name, Vec<String>> = BTreeMap::new();
    for table in tables.values_mut() {
        for named in &mut table.columns {
            let Some((name, values)) = named.column.data_type.enumeration_mut() else { continue };
            let plain = format!("{}_{}", table.name.name, named.name);
            let numbered = (2..).map(|it| format!("{plain}_{it}"));
            let all = std::iter::once(plain.clone()).chain(numbered);
            let mut all = all.map(|it| Name { namespace: table.name.namespace.clone(), name: it });
            let free = all.find(|it| taken.get(it).is_none_or(|it| it == values));
            *name = free.unwrap_or_else(|| Name::new(plain));
            taken.insert(name.clone(), values.clone());
        }
    }
}
