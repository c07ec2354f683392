//! From the drafts of all files to one schema: what points where, of what type it is, and
//! whether everything belongs together.

use std::{collections::BTreeMap, collections::BTreeSet};

use whimbrel_migration::Of;

use super::{
    check, collation, comment, default,
    draft::{
        Draft, DraftColumn, DraftForeignKey, DraftIndex, DraftManyToMany, DraftTable, DraftType,
        indexes,
    },
    enums,
    fields::Spanned,
    generated, identity,
    mappings::{self, Mappings},
    merge, options, routines, unique, views,
};
use crate::{
    diagnostic::{Diagnostic, Span, did_you_mean},
    schema::{
        Action, Column, ColumnType, DefaultValue, Deferral, ForeignKey, IndexColumn, Name,
        NamedColumn, PerDatabase, Schema, Table, foreign_key_name,
    },
    source::{Declared, Place, Rename},
    sql,
};

/// The longest name that every supported database keeps whole (PostgreSQL: 63 bytes).
const LONGEST: usize = 63;

/// Makes one schema of the drafts.
///
/// What is missing may stand in a part that could not be read. Where there is such a part, only
/// what is surely wrong is said.
pub(super) fn resolve(draft: Draft, diagnostics: &mut Vec<Diagnostic>) -> Declared {
    let mut declared = Declared::default();
    let (tables_partial, defaults_partial) = (draft.tables_partial, draft.defaults_partial);
    for (name, default) in draft.defaults {
        declared.places.insert(Place::Default(name.clone()), default.span);
        let texts = default.texts.into_iter().map(|(it, said)| (it, said.text.value)).collect();
        let otherwise = default.otherwise.map(|it| it.text.value);
        declared.schema.defaults.insert(name, PerDatabase { texts, otherwise });
    }
    let enums_partial = draft.enums_partial;
    declared.schema.namespaces = draft.namespaces.into_iter().collect();
    enums::resolve(draft.enums, &mut declared, diagnostics);
    let mut tables = merge::merge(draft.tables, diagnostics);
    let junctions: Vec<DraftTable> = tables.iter().flat_map(junctions).collect();
    if !junctions.is_empty() {
        tables.extend(junctions);
        tables = merge::merge(tables, diagnostics);
    }
    if draft.mappings.says() {
        map_types(&draft.mappings, &mut tables, diagnostics);
    }
    let by_name = Vec::new();
    let mut world =
        World { tables, by_name, tables_partial, defaults_partial, enums_partial, diagnostics };
    world.prepare();
    for position in 0..world.tables.len() {
        world.table(position, &mut declared);
    }
    world.index_names();
    views::resolve(draft.views, &mut declared, diagnostics);
    routines::resolve(draft.routines, &mut declared, diagnostics);
    declared
}

/// Puts into the type of every column what databases are to keep it as.
fn map_types(all: &Mappings, tables: &mut [DraftTable], found: &mut Vec<Diagnostic>) {
    let mut used = BTreeSet::new();
    for column in tables.iter_mut().flat_map(|it| &mut it.columns) {
        if let DraftType::Known(data_type) = &mut column.data_type {
            used.insert(mappings::word_of(data_type).0);
            *data_type = all.of(data_type, &column.name, found);
        }
    }
    all.check_used(&used, found);
}

/// The tables of pairs that the fields of `table` ask for.
fn junctions(table: &DraftTable) -> Vec<DraftTable> {
    table.many_to_many.iter().map(|field| junction(&table.name.value, field)).collect()
}

fn junction(owner: &Name, field: &DraftManyToMany) -> DraftTable {
    let span = &field.field.span;
    let spanned = |value: String| Spanned { value, span: span.clone() };
    let target = &field.table.value;
    let name = Name {
        namespace: owner.namespace.clone(),
        name: format!("{}_{}", owner.name, field.field.value),
    };
    let pair = if owner.name == target.name {
        [format!("from_{}_id", owner.name), format!("to_{}_id", target.name)]
    } else {
        [format!("{}_id", owner.name), format!("{}_id", target.name)]
    };
    let [first, second] = pair;
    let column = |name: &String| DraftColumn {
        name: spanned(name.clone()),
        data_type: DraftType::Key,
        enumeration: None,
        primary_key: None,
        nullable: None,
        default: None,
        auto_create: None,
        auto_update: None,
        generated: None,
        collation: None,
        comment: None,
        identity: None,
        options: Vec::new(),
        renamed_from: None,
    };
    let foreign_key = |column: &String, table: Spanned<Name>| DraftForeignKey {
        name: None,
        columns: vec![spanned(column.clone())],
        span: table.span.clone(),
        table,
        references: vec![],
        on_delete: Spanned { value: Action::Cascade, span: span.clone() },
        on_update: Action::NoAction,
        deferral: Deferral::Never,
    };
    let from = Spanned { value: owner.clone(), span: span.clone() };
    DraftTable {
        columns: vec![column(&first), column(&second)],
        foreign_keys: vec![foreign_key(&first, from), foreign_key(&second, field.table.clone())],
        // The key serves those who look from the first table; this serves the second.
        indexes: vec![DraftIndex::over(
            spanned(format!("idx_{}_{second}", name.name)),
            spanned(second.clone()),
        )],
        primary_key: Some(Spanned {
            value: vec![spanned(first.clone()), spanned(second.clone())],
            span: span.clone(),
        }),
        junction: true,
        renamed_from: field.renamed_from.as_ref().map(|from| Spanned {
            value: format!("{}_{}", owner.name, from.value),
            span: from.span.clone(),
        }),
        ..DraftTable::new(Spanned { value: name, span: span.clone() })
    }
}

/// Whether the column gets the moment whenever a row is changed.
fn auto_update(draft: &DraftColumn, data_type: &ColumnType, found: &mut Vec<Diagnostic>) -> bool {
    let Some(span) = &draft.auto_update else { return false };
    let holds = sql::holds_changes(data_type);
    if !holds {
        let name = &draft.name.value;
        let diagnostic = Diagnostic::error(format!("`{name}` can't hold the moment of a change"))
            .at(span.clone(), "this writes the moment whenever a row is changed")
            .help("use `type: timestamp`, or remove `auto_update`");
        found.push(diagnostic);
    }
    holds
}

/// All tables, while they are looked at.
struct World<'a> {
    tables: Vec<DraftTable>,
    /// Their places in the order of their names.
    by_name: Vec<usize>,
    tables_partial: bool,
    defaults_partial: bool,
    enums_partial: bool,
    diagnostics: &'a mut Vec<Diagnostic>,
}

/// What a column's type comes to.
enum Resolved {
    Type(ColumnType),
    /// It can't be told, for a reason that is reported where it arises.
    Untold,
    /// The keys point at each other in a circle.
    Circle,
}

impl World<'_> {
    /// Drops fields that are there twice and settles the primary keys, which types depend on.
    fn prepare(&mut self) {
        self.by_name = (0..self.tables.len()).collect();
        self.by_name.sort_by_key(|it| &self.tables[*it].name.value);
        for table in &mut self.tables {
            unique_columns(table, self.diagnostics);
            settle_primary_key(table, self.diagnostics);
        }
    }

    fn get(&self, name: &Name) -> Option<&DraftTable> {
        let place = self.by_name.binary_search_by_key(&name, |it| &self.tables[*it].name.value);
        place.ok().map(|it| &self.tables[self.by_name[it]])
    }

    /// The names of all tables in their order.
    fn names(&self) -> impl Iterator<Item = &Name> {
        self.by_name.iter().map(|it| &self.tables[*it].name.value)
    }

    fn table(&mut self, position: usize, declared: &mut Declared) {
        let Some(table) = self.tables.get(position) else { return };
        let draft = table;
        let name = draft.name.value.clone();
        let key: Vec<String> = key_columns(draft).to_vec();
        long_name("table", &draft.name.value.name, &draft.name.span, self.diagnostics);
        if let Some(from) = &draft.renamed_from {
            declared.renames.push(Rename {
                what: Place::Table(name.clone()),
                from: from.value.clone(),
                span: from.span.clone(),
            });
        }
        let mut found = Vec::new();
        let place = |it: &DraftColumn| (it.name.value.clone(), it.name.span.clone());
        let columns = draft.columns.iter().map(place);
        declared.places.insert_table(&name, draft.name.span.clone(), columns);
        let mut columns = Vec::with_capacity(draft.columns.len());
        for draft in &draft.columns {
            if let Some(from) = &draft.renamed_from {
                declared.renames.push(Rename {
                    what: Place::Column(name.clone(), draft.name.value.clone()),
                    from: from.value.clone(),
                    span: from.span.clone(),
                });
            }
            columns.push(self.column(table, draft, &key, &declared.schema, &mut found));
        }
        let foreign_keys = self.foreign_keys(draft, &columns, declared, &mut found);
        let indexes = indexes(draft, declared, &mut found);
        let uniques = unique::resolve(draft, declared, &mut found);
        let checks = check::resolve(draft, declared, &mut found);
        self.diagnostics.append(&mut found);
        let comment = comment::resolve(draft.comment.as_ref());
        let options = options::resolve(Of::Table, &draft.options);
        let table = Table {
            columns,
            primary_key: key,
            foreign_keys,
            indexes,
            uniques,
            checks,
            comment,
            options,
            ..Table::new(name)
        };
        // Tables of one name were sorted out before, so there is room for this one.
        let _ = declared.schema.insert(table);
    }

    fn column(
        &self,
        table: &DraftTable,
        draft: &DraftColumn,
        key: &[String],
        schema: &Schema,
        found: &mut Vec<Diagnostic>,
    ) -> NamedColumn {
        let name = draft.name.value.clone();
        long_name("field", &name, &draft.name.span, found);
        let known = match self.type_of(table, draft) {
            Resolved::Type(it) => Some(it),
            Resolved::Untold => None,
            Resolved::Circle => {
                let diagnostic =
                    Diagnostic::error(format!("the type of `{name}` depends on itself"))
                        .at(draft.name.span.clone(), "its key points back at it in a circle")
                        .help("give one field of the circle a type of its own, such as `bigint`");
                found.push(diagnostic);
                None
            }
        };
        let place = draft.enumeration.as_ref();
        let known =
            known.and_then(|it| enums::filled(it, place, schema, self.enums_partial, found));
        let default = known.as_ref().and_then(|it| self.default(draft, it, schema, found));
        let in_key = key.contains(&name);
        let serial = known.as_ref().is_some_and(ColumnType::is_numbered);
        let nullable = match &draft.nullable {
            Some(said) if said.value && in_key => {
                let warning = Diagnostic::warning(format!(
                    "`{name}` is in the primary key and so never null"
                ))
                .at(said.span.clone(), "this has no effect")
                .help("remove it");
                found.push(warning);
                false
            }
            Some(said) => said.value,
            None => !in_key && !serial && draft.identity.is_none(),
        };
        let auto_update = known.as_ref().is_some_and(|it| auto_update(draft, it, found));
        let data_type = known.unwrap_or(ColumnType::Text { length: None });
        let mut column = Column { nullable, default, auto_update, ..Column::from(data_type) };
        let collation = draft.collation.as_deref();
        found.extend(collation.and_then(|it| collation::check(&name, it, &column.data_type)));
        let own = collation.map(|it| it.value.clone());
        column.collation = own.or_else(|| self.collation_of_key(table, draft));
        column.comment = comment::resolve(draft.comment.as_ref());
        column.options = options::resolve(Of::Column, &draft.options);
        if let Some(generated) = &draft.generated {
            found.extend(generated::check(&name, generated, &column));
            column.generated = Some(Box::new(generated.value.clone()));
        }
        if let Some(identity) = &draft.identity {
            found.extend(identity::check(&name, identity, &column));
            column.identity = Some(identity.value);
        }
        NamedColumn { name, column }
    }

    fn default(
        &self,
        draft: &DraftColumn,
        data_type: &ColumnType,
        schema: &Schema,
        found: &mut Vec<Diagnostic>,
    ) -> Option<DefaultValue> {
        let name = &draft.name.value;
        let created = draft.auto_create.as_ref().and_then(|span| {
            let value = default::creation(data_type);
            if value.is_none() {
                let diagnostic = Diagnostic::error(format!("`{name}` can't hold a time"))
                    .at(span.clone(), "this writes the time of creation")
                    .help("use `type: timestamp`, or remove `auto_create`");
                found.push(diagnostic);
            }
            value
        });
        let Some(said) = &draft.default else { return created };
        if data_type.is_numbered() || draft.identity.is_some() {
            let diagnostic = Diagnostic::error(format!("`{name}` is numbered by the database"))
                .at(said.span.clone(), "a default would take the place of its number")
                .help(match &draft.identity {
                    Some(_) => "remove the default, or `identity`",
                    None => "remove the default, or use `type: integer`",
                });
            found.push(diagnostic);
            return None;
        }
        if created.is_some() {
            let warning = Diagnostic::warning(format!("`{name}` has a default and `auto_create`"))
                .at(said.span.clone(), "this has no effect, for `auto_create` has the say")
                .help("remove one of the two");
            found.push(warning);
            return created;
        }
        let defined = |name: &str| schema.defaults.contains_key(name);
        match default::meaning(&said.value, data_type, defined) {
            Ok(Some(DefaultValue::Named(wanted)))
                if !defined(&wanted) && !default::is_spelt(&wanted) =>
            {
                let names = schema.defaults.keys().map(String::as_str);
                found.push(default::undefined(&wanted, said, names));
                None
            }
            Ok(value) => value,
            Err(misfit) if self.defaults_partial && misfit.may_be_a_name => None,
            Err(misfit) => {
                found.push(default::unfit(name, said, misfit));
                None
            }
        }
    }

    /// The collation of the column that gives this one its type, by its key.
    fn collation_of_key<'d>(
        &'d self,
        mut table: &'d DraftTable,
        draft: &'d DraftColumn,
    ) -> Option<PerDatabase> {
        if !matches!(draft.data_type, DraftType::Key) {
            return None;
        }
        let mut column = draft.name.value.as_str();
        let mut seen: BTreeSet<(&Name, &str)> = BTreeSet::new();
        // A circle is told of where the type is looked for.
        while seen.insert((&table.name.value, column)) {
            let alone = |it: &&DraftForeignKey| matches!(it.columns.as_slice(), [only] if only.value == column);
            let key = table.foreign_keys.iter().find(alone)?;
            table = self.get(&key.table.value)?;
            column = match key.references.as_slice() {
                [one] => one.value.as_str(),
                _ => key_columns(table).first()?,
            };
            let target = table.columns.iter().find(|it| it.name.value == column)?;
            match (&target.collation, &target.data_type) {
                (Some(it), _) => return Some(it.value.clone()),
                (None, DraftType::Key) => {}
                (None, _) => return None,
            }
        }
        None
    }

    /// Follows the keys from a column to one that has a type of its own.
    fn type_of<'d>(&'d self, table: &'d DraftTable, column: &'d DraftColumn) -> Resolved {
        let (mut draft, mut field) = (table, column);
        let start = (&draft.name.value, column.name.value.as_str());
        let mut at = start;
        let mut seen: BTreeSet<(&Name, &str)> = BTreeSet::new();
        let mut followed = false;
        loop {
            match &field.data_type {
                DraftType::Known(it) if followed => return Resolved::Type(it.unnumbered()),
                DraftType::Known(it) => return Resolved::Type(it.clone()),
                DraftType::Unknown => return Resolved::Untold,
                DraftType::Key => {}
            }
            let alone = |it: &&DraftForeignKey| matches!(it.columns.as_slice(), [only] if only.value == at.1);
            let Some(key) = draft.foreign_keys.iter().find(alone) else {
                return Resolved::Untold;
            };
            let Some(target) = self.get(&key.table.value) else { return Resolved::Untold };
            let next = match key.references.as_slice() {
                [one] => one.value.as_str(),
                _ => match key_columns(target) {
                    [one] => one.as_str(),
                    _ => return Resolved::Untold,
                },
            };
            seen.insert(at);
            draft = target;
            at = (&target.name.value, next);
            followed = true;
            if seen.contains(&at) {
                // A circle further on is reported by those that are in it.
                return if at == start { Resolved::Circle } else { Resolved::Untold };
            }
            let Some(there) = draft.columns.iter().find(|it| it.name.value == at.1) else {
                return Resolved::Untold;
            };
            field = there;
        }
    }

    fn foreign_keys(
        &self,
        table: &DraftTable,
        columns: &[NamedColumn],
        declared: &mut Declared,
        found: &mut Vec<Diagnostic>,
    ) -> Vec<ForeignKey> {
        let mut keys: Vec<ForeignKey> = Vec::new();
        for draft in &table.foreign_keys {
            let Some(key) = self.foreign_key(table, draft, columns, found) else { continue };
            let place = Place::ForeignKey(table.name.value.clone(), key.name.clone());
            if let Some(first) = declared.places.get(&place) {
                let message = format!("foreign key `{}` is declared twice", key.name);
                let diagnostic = Diagnostic::error(message)
                    .at(draft.span.clone(), "it is declared again here")
                    .and(first.clone(), "it was declared here")
                    .help("remove one of the two, or give it a `name` of its own");
                found.push(diagnostic);
                continue;
            }
            if let Some(unique) = table.uniques.iter().find(|it| it.name.value == key.name) {
                let message = format!(
                    "table `{}` has a foreign key and a unique constraint `{}`",
                    table.name.value, key.name
                );
                let span = draft.name.as_ref().map_or(&draft.span, |it| &it.span);
                let diagnostic = Diagnostic::error(message)
                    .at(span.clone(), "constraints of a table have different names")
                    .and(unique.name.span.clone(), "this is the unique constraint")
                    .help("give one of the two another name");
                found.push(diagnostic);
                continue;
            }
            declared.places.insert(place, draft.span.clone());
            keys.push(key);
        }
        keys.sort_by(|a, b| a.name.cmp(&b.name));
        keys
    }

    fn foreign_key(
        &self,
        table: &DraftTable,
        draft: &DraftForeignKey,
        columns: &[NamedColumn],
        found: &mut Vec<Diagnostic>,
    ) -> Option<ForeignKey> {
        let mut whole = true;
        for column in &draft.columns {
            whole &= has_column(table, column, found);
        }
        if let Some(name) = &draft.name {
            long_name("foreign key", &name.value, &name.span, found);
        }
        let Some(target) = self.get(&draft.table.value) else {
            self.missing_table(draft, found);
            return None;
        };
        for column in &draft.references {
            whole &= has_column(target, column, found);
        }
        whole = whole && self.fits(table, draft, target, columns, found);
        let names: Vec<String> = draft.columns.iter().map(|it| it.value.clone()).collect();
        set_null(draft, columns, found);
        let name = draft.name.as_ref().map(|it| it.value.clone());
        let name = name.unwrap_or_else(|| foreign_key_name(&table.name.value, &names));
        whole.then(|| ForeignKey {
            references: draft.references.iter().map(|it| it.value.clone()).collect(),
            on_delete: draft.on_delete.value,
            on_update: draft.on_update,
            deferral: draft.deferral,
            ..ForeignKey::new(name, names, draft.table.value.clone())
        })
    }

    fn missing_table(&self, draft: &DraftForeignKey, found: &mut Vec<Diagnostic>) {
        let wanted = &draft.table;
        let near = self.nearest(&wanted.value);
        if near.is_none() && self.tables_partial {
            return;
        }
        let help = near.unwrap_or("declare it under `tables`, or point at another one".into());
        let diagnostic = Diagnostic::error(format!("there is no table `{}`", wanted.value))
            .at(wanted.span.clone(), "a key points at it")
            .help(help);
        found.push(diagnostic);
    }

    /// What was meant by the name of a table that isn't there.
    fn nearest(&self, wanted: &Name) -> Option<String> {
        if let Some(there) = self.names().find(|it| it.name == wanted.name) {
            return Some(match &there.namespace {
                Some(namespace) => format!("add `namespace: {namespace}`"),
                None => "remove the `namespace`".into(),
            });
        }
        let names = self.names().map(|it| it.name.as_str());
        did_you_mean(&wanted.name, names).map(|near| format!("did you mean `{near}`?"))
    }

    /// Whether the columns of a key are as many and of the types as those they point at.
    fn fits(
        &self,
        table: &DraftTable,
        draft: &DraftForeignKey,
        target: &DraftTable,
        columns: &[NamedColumn],
        found: &mut Vec<Diagnostic>,
    ) -> bool {
        let named = !draft.references.is_empty();
        let targets: Vec<String> = if named {
            draft.references.iter().map(|it| it.value.clone()).collect()
        } else {
            key_columns(target).to_vec()
        };
        let at = &draft.table;
        if targets.is_empty() {
            if !target.partial {
                let message = format!("table `{}` has no primary key to point at", at.value);
                let diagnostic = Diagnostic::error(message)
                    .at(at.span.clone(), "a foreign key points at a key")
                    .and(target.name.span.clone(), "none of its fields has `primary_key: true`")
                    .help("give it a primary key, or name the column with `column:`");
                found.push(diagnostic);
            }
            return false;
        }
        if targets.len() != draft.columns.len() {
            let (few, many) = (count(draft.columns.len()), count(targets.len()));
            let message = format!("{few} can't point at the {many} of `{}`", at.value);
            let keys = format!("its key is {}", listed(&targets));
            let diagnostic = Diagnostic::error(message)
                .at(at.span.clone(), if named { "in this foreign key" } else { keys.as_str() });
            found.push(if table.junction {
                diagnostic.help("declare the table of pairs yourself, with all their columns")
            } else {
                diagnostic.help(
                    "list as many columns under the table's `foreign_keys`, in the key's order",
                )
            });
            return false;
        }
        if named && !is_unique(target, &targets) && !target.partial {
            let deferred = target.uniques.iter().any(|it| {
                !it.deferral.is_never() && is_of(it.columns.iter().map(|it| &it.value), &targets)
            });
            let (kind, help) = if deferred {
                ("unique only where that is put off", "let that constraint not be `deferrable`")
            } else {
                ("not unique", "point at the primary key, or list them under its `uniques`")
            };
            let message = format!("{} of `{}` is {kind}", listed(&targets), at.value);
            let warning = Diagnostic::warning(message)
                .at(at.span.clone(), "most databases refuse a foreign key to it")
                .help(help);
            found.push(warning);
        }
        for (column, wanted) in draft.columns.iter().zip(&targets) {
            self.same_type(table, draft, (column, wanted), columns, found);
        }
        true
    }

    fn same_type(
        &self,
        table: &DraftTable,
        draft: &DraftForeignKey,
        (column, wanted): (&Spanned<String>, &String),
        columns: &[NamedColumn],
        found: &mut Vec<Diagnostic>,
    ) {
        let own = table.columns.iter().find(|it| it.name.value == column.value);
        if !matches!(own.map(|it| &it.data_type), Some(DraftType::Known(_))) {
            return;
        }
        let Some(own) = columns.iter().find(|it| it.name == column.value) else { return };
        let theirs = self.get(&draft.table.value).and_then(|target| {
            let column = target.columns.iter().find(|it| it.name.value == *wanted)?;
            Some(self.type_of(target, column))
        });
        let Some(Resolved::Type(theirs)) = theirs else { return };
        let (own, theirs) = (own.column.data_type.unnumbered(), theirs.unnumbered());
        let (own_word, their_word) = (super::types::word(&own).0, super::types::word(&theirs).0);
        if own_word == their_word {
            return;
        }
        let message = format!(
            "`{}` is {own_word} and points at {their_word} `{wanted}` of `{}`",
            column.value, draft.table.value
        );
        let diagnostic = if family(&own) == family(&theirs) {
            Diagnostic::warning(message).at(column.span.clone(), "some databases refuse this")
        } else {
            Diagnostic::error(message).at(column.span.clone(), "the types must be the same")
        };
        found.push(diagnostic.help(format!("write `type: {their_word}` or `type: foreign_key`")));
    }

    /// Names of indexes are shared by all tables of a PostgreSQL schema or an SQLite database; a unique
    /// constraint of PostgreSQL has an index of its name.
    fn index_names(&mut self) {
        let mut places: BTreeMap<(Option<&str>, &str), (&Name, &Span)> = BTreeMap::new();
        for table in &self.tables {
            let name = &table.name.value;
            let mut own = BTreeSet::new();
            let indexes = table.indexes.iter().map(|it| &it.name);
            for index in indexes.chain(table.uniques.iter().map(|it| &it.name)) {
                if !own.insert(&index.value) {
                    continue;
                }
                let key = (name.namespace.as_deref(), index.value.as_str());
                let Some((other, first)) = places.get(&key) else {
                    places.insert(key, (name, &index.span));
                    continue;
                };
                let message = format!("two tables have an index `{}`", index.value);
                let diagnostic = Diagnostic::error(message)
                    .at(index.span.clone(), format!("here it is one of `{name}`"))
                    .and((*first).clone(), format!("here it is one of `{other}`"))
                    .note("PostgreSQL and SQLite have one set of index names for all tables")
                    .help("put the table's name into the index's name");
                self.diagnostics.push(diagnostic);
            }
        }
    }
}

/// Types whose values databases compare with each other.
fn family(data_type: &ColumnType) -> String {
    match data_type.unspelled() {
        ColumnType::Smallint | ColumnType::Integer | ColumnType::Bigint => "whole number".into(),
        ColumnType::Varchar { .. } | ColumnType::Text { .. } => "text".into(),
        ColumnType::Float | ColumnType::Double | ColumnType::Decimal { .. } => "number".into(),
        ColumnType::Timestamp | ColumnType::Timestamptz => "moment".into(),
        other => super::types::word(other).0,
    }
}

/// The columns of a table's primary key, once it is settled.
fn key_columns(table: &DraftTable) -> &[String] {
    &table.key
}

fn unique_columns(table: &mut DraftTable, diagnostics: &mut Vec<Diagnostic>) {
    let fields = table.columns.iter().map(|it| &it.name);
    let mut names: Vec<&str> = fields
        .chain(table.many_to_many.iter().map(|it| &it.field))
        .map(|it| it.value.as_str())
        .collect();
    names.sort_unstable();
    if names.windows(2).all(|it| it[0] != it[1]) {
        return;
    }
    let mut places: BTreeMap<String, Span> = BTreeMap::new();
    let name = table.name.value.clone();
    let mut twice = |field: &Spanned<String>| {
        let Some(first) = places.get(&field.value) else {
            places.insert(field.value.clone(), field.span.clone());
            return true;
        };
        let message = format!("table `{name}` has two fields `{}`", field.value);
        let diagnostic = Diagnostic::error(message)
            .at(field.span.clone(), "it is declared again here")
            .and(first.clone(), "it was declared here")
            .help("remove or rename one of the two");
        diagnostics.push(diagnostic);
        false
    };
    table.columns.retain(|it| twice(&it.name));
    table.many_to_many.retain(|it| twice(&it.field));
}

/// The primary key is that of the table, or else the fields that say they are in it.
fn settle_primary_key(table: &mut DraftTable, diagnostics: &mut Vec<Diagnostic>) {
    let flagged: Vec<(&Spanned<String>, &Span)> = table
        .columns
        .iter()
        .filter_map(|it| it.primary_key.as_ref().map(|span| (&it.name, span)))
        .collect();
    let Some(said) = &table.primary_key else {
        table.key = flagged.iter().map(|(it, _)| it.value.clone()).collect();
        return;
    };
    for (name, span) in flagged {
        if said.value.iter().all(|it| it.value != name.value) {
            let message = format!("`{}` is not in the table's `primary_key`", name.value);
            let diagnostic = Diagnostic::error(message)
                .at(span.clone(), "this says that it is in the key")
                .and(said.span.clone(), "the table's key is this")
                .help("add it to the table's `primary_key`, or remove it here");
            diagnostics.push(diagnostic);
        }
    }
    let known: Vec<&Spanned<String>> =
        said.value.iter().filter(|it| has_column(table, it, diagnostics)).collect();
    table.key = known.into_iter().map(|it| it.value.clone()).collect();
}

/// Whether `table` has the column, which is said if it has not.
pub(super) fn has_column(
    table: &DraftTable,
    column: &Spanned<String>,
    found: &mut Vec<Diagnostic>,
) -> bool {
    if table.columns.iter().any(|it| it.name.value == column.value) {
        return true;
    }
    let names = table.columns.iter().map(|it| it.name.value.as_str());
    let near = did_you_mean(&column.value, names.clone());
    if table.partial && near.is_none() {
        return false;
    }
    let message = format!("table `{}` has no field `{}`", table.name.value, column.value);
    let diagnostic = Diagnostic::error(message).at(column.span.clone(), "it is named here");
    let names: Vec<&str> = names.collect();
    found.push(match near {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
        None => diagnostic.help(format!("its fields are {}", super::fields::list(&names))),
    });
    false
}

/// A row can't forget its target where it must have one. Databases are there that say so all the
/// same: PostgreSQL and SQLite take it and refuse to delete the target.
fn set_null(draft: &DraftForeignKey, columns: &[NamedColumn], found: &mut Vec<Diagnostic>) {
    if draft.on_delete.value != Action::SetNull {
        return;
    }
    let strict = draft.columns.iter().find_map(|named| {
        let column = columns.iter().find(|it| it.name == named.value)?;
        (!column.column.nullable).then_some(column)
    });
    if let Some(column) = strict {
        let message = format!("`{}` can't become null", column.name);
        let diagnostic = Diagnostic::warning(message)
            .at(draft.on_delete.span.clone(), "this makes it null when its target is deleted")
            .help(
                "let it be `nullable: true`, or use `CASCADE` or `RESTRICT`; PostgreSQL and SQLite \
                 would refuse to delete the target, MySQL and MariaDB refuse the key",
            );
        found.push(diagnostic);
    }
}

/// Whether no two rows of the table are alike in all of `columns`.
fn is_unique(table: &DraftTable, columns: &[String]) -> bool {
    let wanted: BTreeSet<&str> = columns.iter().map(String::as_str).collect();
    let key: BTreeSet<&str> = key_columns(table).iter().map(String::as_str).collect();
    key == wanted
        || table.indexes.iter().any(|it| {
            let of: BTreeSet<&str> = it.columns.iter().map(|it| it.value.name.as_str()).collect();
            let whole = |it: &Spanned<IndexColumn>| it.value.is_plain();
            it.unique && it.filter.is_none() && it.columns.iter().all(whole) && of == wanted
        })
        || table.uniques.iter().any(|it| {
            it.deferral.is_never() && is_of(it.columns.iter().map(|it| &it.value), columns)
        })
}

/// Whether these are just those columns, in any order.
fn is_of<'a>(these: impl Iterator<Item = &'a String>, columns: &[String]) -> bool {
    these.collect::<BTreeSet<_>>() == columns.iter().collect::<BTreeSet<_>>()
}

/// Whether a table has no other thing of this kind by this name; of two the first counts, and that
/// is said. `kind` is its word, for one and for several.
pub(super) fn is_first(
    place: Place,
    kind: [&str; 2],
    table: &DraftTable,
    name: &Spanned<String>,
    declared: &mut Declared,
    found: &mut Vec<Diagnostic>,
) -> bool {
    let [one, several] = kind;
    long_name(one, &name.value, &name.span, found);
    if let Some(first) = declared.places.get(&place) {
        let message = format!("table `{}` has two {several} `{}`", table.name.value, name.value);
        let diagnostic = Diagnostic::error(message)
            .at(name.span.clone(), "it is declared again here")
            .and(first.clone(), "it was declared here")
            .help("remove or rename one of the two");
        found.push(diagnostic);
        return false;
    }
    declared.places.insert(place, name.span.clone());
    true
}

/// A name that a database would cut is worth a word; whether it does is the dialect's affair.
pub(super) fn long_name(what: &str, name: &str, span: &Span, found: &mut Vec<Diagnostic>) {
    if name.len() <= LONGEST {
        return;
    }
    let message = format!("the name of this {what} has {} bytes", name.len());
    let warning = Diagnostic::warning(message)
        .at(span.clone(), "PostgreSQL keeps 63 bytes of a name, MySQL 64 characters")
        .help("use a shorter name where the schema is for one of them");
    found.push(warning);
}

fn count(columns: usize) -> String {
    if columns == 1 { "one column".into() } else { format!("{columns} columns") }
}

fn listed(columns: &[String]) -> String {
    let words: Vec<&str> = columns.iter().map(String::as_str).collect();
    super::fields::list(&words)
}
