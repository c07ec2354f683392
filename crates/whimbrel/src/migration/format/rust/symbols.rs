//! Functions that an application adds to the language of its migrations.

use std::{collections::BTreeMap, fmt, sync::Arc};

use whimbrel_migration::dispatch::{Object, Value};

/// What an application adds: functions of crates of its own, by their whole paths.
///
/// A migration file may then import them (`use shop_types::*;`, `use shop_types::money;`) or call
/// them by their paths (`shop_types::money()`), as it would with rustc. What a function gives must
/// hang on its arguments alone: the file has to mean the same whenever it is read.
#[derive(Clone, Debug, Default)]
pub struct Symbols(BTreeMap<String, Symbol>);

/// A function of an application.
#[derive(Clone)]
pub(super) struct Symbol {
    /// Its whole path.
    pub path: String,
    call: Arc<Call>,
}

type Call = dyn Fn(Vec<Value>) -> Result<Object, String> + Send + Sync;

impl Symbols {
    /// Adds the function at `path`, such as `shop_types::money`; one that is there gives way.
    ///
    /// It gets the arguments as they are written, and gives a value of the builder or says in a
    /// sentence without a full stop why it can't: "a price has at most 4 digits behind the point".
    ///
    /// ```
    /// use std::sync::Arc;
    /// use whimbrel::{
    ///     diagnostic::SourceFile,
    ///     migration::format::rust::{self, Siblings, Symbols},
    /// };
    /// use whimbrel_migration::{Migration, decimal, dispatch::Value};
    ///
    /// let symbols = Symbols::default().with_symbol("shop_types::money", |arguments| match &*arguments {
    ///     [] => Ok(decimal(12, 2).not_null().into()),
    ///     [Value::Integer(digits @ 0..=4)] => Ok(decimal(12, *digits as u32).not_null().into()),
    ///     _ => Err("a price has at most 4 digits behind the point".to_owned()),
    /// });
    ///
    /// // `project::Config` has a field for them; so may whoever hands over files.
    /// struct Shop(Symbols);
    ///
    /// impl Siblings for Shop {
    ///     fn file(&self, path: &str) -> Result<Arc<SourceFile>, String> {
    ///         Err(format!("there is no file `{path}`"))
    ///     }
    ///
    ///     fn symbols(&self) -> &Symbols {
    ///         &self.0
    ///     }
    /// }
    ///
    /// let file = SourceFile::new(
    ///     "0002_net.rs",
    ///     "use shop_types::*;\nuse whimbrel_migration::*;\n\n\
    ///      pub fn migration() -> Migration {\n    \
    ///      Migration::after(\"0001_orders\").add_column(\"orders\", \"net\", money())\n}\n",
    /// );
    /// let (read, diagnostics) = rust::read(&file, &Shop(symbols));
    /// assert!(diagnostics.is_empty());
    /// let wanted = Migration::after("0001_orders").add_column("orders", "net", decimal(12, 2).not_null());
    /// assert_eq!(read.map(|it| it.migration), Some(wanted));
    /// ```
    #[must_use]
    pub fn with_symbol(
        mut self,
        path: &str,
        call: impl Fn(Vec<Value>) -> Result<Object, String> + Send + Sync + 'static,
    ) -> Self {
        let path = path.to_owned();
        self.0.insert(path.clone(), Symbol { path, call: Arc::new(call) });
        self
    }

    /// The function at a path.
    pub(super) fn at(&self, path: &str) -> Option<&Symbol> {
        self.0.get(path)
    }

    /// Whether a crate has functions here.
    pub(super) fn has_crate(&self, name: &str) -> bool {
        self.of_crate(name).next().is_some()
    }

    /// The functions of a crate, by their names in it.
    pub(super) fn of_crate<'a>(
        &'a self,
        name: &str,
    ) -> impl Iterator<Item = (&'a str, &'a Symbol)> {
        self.0.iter().filter_map(move |(path, symbol)| {
            Some((path.strip_prefix(name)?.strip_prefix("::")?, symbol))
        })
    }
}

impl Symbol {
    /// Calls it.
    pub(super) fn call(&self, arguments: Vec<Value>) -> Result<Object, String> {
        (self.call)(arguments)
    }
}

impl fmt::Debug for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)
    }
}
