//! Parses a migration file and the helper files that it names, and lists what they define.

use std::{collections::BTreeMap, sync::Arc};

use proc_macro2::TokenStream;
use syn::{
    Attribute, File, Item, ItemConst, ItemFn, ItemMod, ItemUse, UseTree, Visibility,
    spanned::Spanned,
};

use super::{
    Siblings,
    refuse::{A_PROGRAM, Refusal, WAYS_OUT, span},
    scan,
    symbols::{Symbol, Symbols},
};
use crate::diagnostic::{Diagnostic, SourceFile, Span, did_you_mean};

/// The most files that one migration may be spread over.
const MOST_FILES: usize = 64;

/// A migration file and its helpers; the first is the migration.
pub(super) struct Loaded<'s> {
    pub units: Vec<Unit>,
    pub siblings: &'s dyn Siblings,
}

/// One parsed file.
pub(super) struct Unit {
    pub source: Arc<SourceFile>,
    pub file: File,
    /// The name it is a module by; empty for the migration itself.
    name: String,
}

/// What a name of a file stands for.
pub(super) struct Names<'a> {
    pub functions: BTreeMap<String, (usize, &'a ItemFn)>,
    pub constants: BTreeMap<String, (usize, &'a ItemConst)>,
    /// The helper files that are known by a name.
    pub modules: BTreeMap<String, usize>,
    /// Whether the whole builder is in scope.
    pub builder: bool,
    /// The names of the builder that are in scope one by one.
    pub imported: Vec<String>,
    /// The functions of the application that are in scope.
    pub symbols: BTreeMap<String, &'a Symbol>,
}

type Result<T, E = Box<Diagnostic>> = std::result::Result<T, E>;

/// Reads `file` and, through `siblings`, every helper that it or its helpers use.
pub(super) fn load<'s>(file: &Arc<SourceFile>, siblings: &'s dyn Siblings) -> Result<Loaded<'s>> {
    let mut units = vec![parse(file, String::new())?];
    let mut next = 0;
    while next < units.len() {
        for wanted in wanted_modules(&units[next], siblings.symbols())? {
            if units.iter().any(|it| it.name == wanted.name) {
                continue;
            }
            if units.len() == MOST_FILES {
                let message = format!("a migration may use at most {MOST_FILES} helper files");
                return Err(boxed(Diagnostic::error(message).at(wanted.at, "one too many")));
            }
            let path = format!("{}.rs", wanted.name);
            let source = siblings.file(&path).map_err(|why| {
                boxed(Diagnostic::error(why).at(wanted.at, "named here").help(format!(
                    "write the helpers in `{path}`, in the directory of this file; or, if it is \
                         a crate, {A_PROGRAM}"
                )))
            })?;
            units.push(parse(&source, wanted.name)?);
        }
        next += 1;
    }
    Ok(Loaded { units, siblings })
}

fn boxed(diagnostic: Diagnostic) -> Box<Diagnostic> {
    Box::new(diagnostic)
}

fn parse(source: &Arc<SourceFile>, name: String) -> Result<Unit> {
    of_tokens(source, tokens(source, &scan::blanked(&source.text))?, name)
}

/// The file that these tokens make.
pub(super) fn of_tokens(
    source: &Arc<SourceFile>,
    tokens: TokenStream,
    name: String,
) -> Result<Unit> {
    let file: File = syn::parse2(tokens).map_err(|error| unparsed(source, &error))?;
    Ok(Unit { source: Arc::clone(source), file, name })
}

/// The tokens of a text each byte of which stands where it stands in the file.
pub(super) fn tokens(source: &Arc<SourceFile>, text: &str) -> Result<TokenStream> {
    scan::check(text).map_err(|it| {
        boxed(
            Diagnostic::error(it.message)
                .at(Span { file: Arc::clone(source), range: it.at }, "too much to be read")
                .help("split the migration, or give parts of it to functions of their own"),
        )
    })?;
    text.parse().map_err(|error: proc_macro2::LexError| match scan::unclosed(text) {
        Some(at) => boxed(
            Diagnostic::error("this isn't Rust: what opens here is never closed")
                .at(Span { file: Arc::clone(source), range: at }, "its other half is missing")
                .help("write it where it belongs"),
        ),
        None => no_token(source, error.span()),
    })
}

/// What begins no word, number, text or sign of Rust.
fn no_token(source: &Arc<SourceFile>, at: proc_macro2::Span) -> Box<Diagnostic> {
    let mut at = span(source, at, at);
    let letter = source.text.get(at.range.start..).and_then(|it| it.chars().next());
    at.range.end = at.range.start + letter.map_or(0, char::len_utf8);
    let letter = letter.map_or_else(|| "what stands here".to_owned(), |it| format!("`{it}`"));
    boxed(
        Diagnostic::error(format!("this isn't Rust: {letter} means nothing here"))
            .at(at, "neither a word nor a sign")
            .help("write it inside of a string, or take it away"),
    )
}

/// What the parser could make nothing of.
fn unparsed(source: &Arc<SourceFile>, error: &syn::Error) -> Box<Diagnostic> {
    let at = span(source, error.span(), error.span());
    let word = source.text.get(at.range.clone()).unwrap_or_default();
    let message = error.to_string();
    // A list of all that could stand there is of no use to anybody.
    let is_list = message.starts_with("expected one of") && message.matches(", ").count() > 4;
    if message.starts_with("expected")
        && is_reserved(word)
        && (is_list || message.contains("ident"))
    {
        return boxed(
            Diagnostic::error(format!("this isn't Rust: `{word}` is a word of Rust's own"))
                .at(at, "can't be a name, and can't stand here as anything else")
                .help(format!("take another name, or write `r#{word}`")),
        );
    }
    let message = if is_list { "this can't stand here" } else { &message };
    unreadable(source, message, error.span())
}

/// Words that only Rust may use, and that are written `r#…` where they are to be names.
fn is_reserved(word: &str) -> bool {
    let is_path = matches!(word, "self" | "Self" | "super" | "crate" | "_");
    let starts = word.starts_with(|it: char| it.is_alphabetic());
    starts
        && !is_path
        && syn::parse_str::<syn::Ident>(word).is_err()
        && syn::parse_str::<syn::Ident>(&format!("r#{word}")).is_ok()
}

fn unreadable(source: &Arc<SourceFile>, message: &str, at: proc_macro2::Span) -> Box<Diagnostic> {
    boxed(
        Diagnostic::error(format!("this isn't Rust: {message}"))
            .at(span(source, at, at), "here")
            .help("correct what is marked, or what stands right before it"),
    )
}

struct Wanted {
    name: String,
    at: Span,
}

fn wanted_modules(unit: &Unit, symbols: &Symbols) -> Result<Vec<Wanted>> {
    let mut wanted = Vec::new();
    let refuse = |refusal: Refusal| boxed(refusal.diagnostic(&unit.source));
    for item in &unit.file.items {
        let name = match item {
            Item::Mod(item) => Some(&item.ident),
            Item::Use(item) if crate_of(item, symbols).is_some() => None,
            Item::Use(item) => module_of(item).map_err(refuse)?,
            _ => None,
        };
        if let Some(name) = name {
            let at = span(&unit.source, name.span(), name.span());
            wanted.push(Wanted { name: name.to_string(), at });
        }
    }
    Ok(wanted)
}

/// The helper file that a `use` names, if it doesn't name the builder.
fn module_of(item: &ItemUse) -> Result<Option<&syn::Ident>, Refusal> {
    let UseTree::Path(path) = &item.tree else {
        return Err(foreign_import(&item.tree));
    };
    let inside = path.ident == "super" || path.ident == "crate" || path.ident == "self";
    if path.ident == "whimbrel_migration" || path.ident == "whimbrel" {
        return Ok(None);
    }
    let tree = if inside { &*path.tree } else { &item.tree };
    match tree {
        UseTree::Path(path) if path.ident != "std" && path.ident != "core" => Ok(Some(&path.ident)),
        UseTree::Name(name) if inside => Ok(Some(&name.ident)),
        _ => Err(foreign_import(&item.tree)),
    }
}

/// The crate of the application that a `use` names.
fn crate_of(item: &ItemUse, symbols: &Symbols) -> Option<String> {
    let UseTree::Path(path) = &item.tree else { return None };
    Some(path.ident.to_string()).filter(|it| symbols.has_crate(it))
}

/// `use shop_types::*;`, or names instead of the `*`.
fn import_symbols<'a>(
    names: &mut Names<'a>,
    item: &ItemUse,
    symbols: &'a Symbols,
) -> Result<(), Refusal> {
    let UseTree::Path(path) = &item.tree else { return Err(foreign_import(&item.tree)) };
    import_symbols_tree(names, &path.ident.to_string(), &path.tree, symbols)
}

fn import_symbols_tree<'a>(
    names: &mut Names<'a>,
    within: &str,
    tree: &UseTree,
    symbols: &'a Symbols,
) -> Result<(), Refusal> {
    match tree {
        UseTree::Path(path) => {
            let within = format!("{within}::{}", path.ident);
            import_symbols_tree(names, &within, &path.tree, symbols)
        }
        UseTree::Glob(_) => {
            for (name, symbol) in symbols.of_crate(within) {
                names.symbols.insert(name.to_owned(), symbol);
            }
            Ok(())
        }
        UseTree::Group(group) => group
            .items
            .iter()
            .try_for_each(|tree| import_symbols_tree(names, within, tree, symbols)),
        UseTree::Name(name) => {
            let word = name.ident.to_string();
            let Some(symbol) = symbols.at(&format!("{within}::{word}")) else {
                let known: Vec<&str> = symbols.of_crate(within).map(|it| it.0).collect();
                let near = did_you_mean(&word, known.iter().copied());
                return Err(Refusal::new(&name.ident, format!("`{within}` has no `{word}`"))
                    .label("not found there")
                    .help(match near {
                        Some(near) => format!("did you mean `{near}`?"),
                        None => format!("it has {}", known.join(", ")),
                    }));
            };
            names.symbols.insert(word, symbol);
            Ok(())
        }
        UseTree::Rename(_) => Err(foreign_import(tree)),
    }
}

fn foreign_import(at: &UseTree) -> Refusal {
    if let UseTree::Rename(it) = at {
        let name = &it.ident;
        return Refusal::foreign(at, "an import under another name")
            .help(format!("write `{name}` alone, and use it by that name"));
    }
    Refusal::new(at, "a migration file can use the builder and the files beside it, nothing else")
        .label("not understood")
        .help(format!(
            "write `use whimbrel_migration::*;`, or `use super::helpers::*;` for `helpers.rs` in the \
             same directory; or {A_PROGRAM}"
        ))
}

impl Unit {
    /// The name that it is a module by.
    pub(super) fn name(&self) -> &str {
        &self.name
    }
}

impl Loaded<'_> {
    /// What the names in each file stand for.
    pub(super) fn names(&self) -> Result<Vec<Names<'_>>> {
        let own = self.units.iter().enumerate().map(|(position, unit)| {
            defined(position, unit).map_err(|it| boxed(it.diagnostic(&unit.source)))
        });
        let own: Vec<Names<'_>> = own.collect::<Result<_>>()?;
        let mut all = Vec::new();
        for (position, unit) in self.units.iter().enumerate() {
            let names =
                self.imported(position, &own).map_err(|it| boxed(it.diagnostic(&unit.source)))?;
            all.push(names);
        }
        Ok(all)
    }

    fn imported<'a>(&'a self, position: usize, own: &[Names<'a>]) -> Result<Names<'a>, Refusal> {
        let mut names = own[position].copy();
        for item in &self.units[position].file.items {
            match item {
                Item::Mod(item) => {
                    let name = item.ident.to_string();
                    if let Some(found) = self.module(&name) {
                        names.modules.insert(name, found);
                    }
                }
                Item::Use(item) if crate_of(item, self.siblings.symbols()).is_some() => {
                    import_symbols(&mut names, item, self.siblings.symbols())?;
                }
                Item::Use(item) => match module_of(item)? {
                    Some(module) => {
                        let found = self.module(&module.to_string());
                        let Some(found) = found else { return Err(foreign_import(&item.tree)) };
                        import(
                            &mut names,
                            tree_behind(&item.tree, module),
                            module,
                            found,
                            &own[found],
                        )?;
                    }
                    None => import_builder(&mut names, item)?,
                },
                _ => {}
            }
        }
        Ok(names)
    }

    fn module(&self, name: &str) -> Option<usize> {
        self.units.iter().position(|it| it.name == name)
    }
}

impl Names<'_> {
    fn copy(&self) -> Self {
        Self {
            functions: self.functions.clone(),
            constants: self.constants.clone(),
            modules: BTreeMap::new(),
            builder: false,
            imported: Vec::new(),
            symbols: BTreeMap::new(),
        }
    }

    /// Whether `name` of the builder can be written here.
    pub(super) fn sees(&self, name: &str) -> bool {
        let head = name.split("::").next().unwrap_or(name);
        self.builder || self.imported.iter().any(|it| it == head)
    }
}

/// What follows the module's name in a `use`; the module itself where nothing does.
fn tree_behind<'a>(tree: &'a UseTree, module: &syn::Ident) -> Option<&'a UseTree> {
    match tree {
        UseTree::Path(path) if path.ident == *module => Some(&path.tree),
        UseTree::Path(path) => tree_behind(&path.tree, module),
        _ => None,
    }
}

fn import<'a>(
    names: &mut Names<'a>,
    tree: Option<&UseTree>,
    module: &syn::Ident,
    found: usize,
    theirs: &Names<'a>,
) -> Result<(), Refusal> {
    match tree {
        None => {
            names.modules.insert(module.to_string(), found);
        }
        Some(UseTree::Glob(_)) => {
            for (name, item) in theirs.functions.iter().filter(|(_, (_, it))| is_visible(&it.vis)) {
                names.functions.entry(name.clone()).or_insert(*item);
            }
            for (name, item) in theirs.constants.iter().filter(|(_, (_, it))| is_visible(&it.vis)) {
                names.constants.entry(name.clone()).or_insert(*item);
            }
        }
        Some(UseTree::Group(group)) => {
            for tree in &group.items {
                import(names, Some(tree), module, found, theirs)?;
            }
        }
        Some(UseTree::Name(item)) if item.ident == "self" => {
            names.modules.insert(module.to_string(), found);
        }
        Some(UseTree::Name(item)) => {
            let name = item.ident.to_string();
            let function = theirs.functions.get(&name).filter(|(_, it)| is_visible(&it.vis));
            let constant = theirs.constants.get(&name).filter(|(_, it)| is_visible(&it.vis));
            if let Some(function) = function {
                names.functions.insert(name, *function);
            } else if let Some(constant) = constant {
                names.constants.insert(name, *constant);
            } else {
                return Err(Refusal::new(item, format!("`{module}` has no public `{name}`"))
                    .label("not found there")
                    .help(format!("write `pub fn {name}` in `{module}.rs`")));
            }
        }
        Some(tree) => return Err(foreign_import(tree)),
    }
    Ok(())
}

fn is_visible(visibility: &Visibility) -> bool {
    !matches!(visibility, Visibility::Inherited)
}

/// `use whimbrel_migration::*;` and `use whimbrel::migration::*;`, or names instead of the `*`.
fn import_builder(names: &mut Names<'_>, item: &ItemUse) -> Result<(), Refusal> {
    let UseTree::Path(path) = &item.tree else { return Err(foreign_import(&item.tree)) };
    let tree = match &*path.tree {
        UseTree::Path(inner)
            if inner.ident == "migration"
                || inner.ident == "whimbrel_migration"
                || inner.ident == "prelude" =>
        {
            &inner.tree
        }
        other => other,
    };
    import_builder_tree(names, tree)
}

fn import_builder_tree(names: &mut Names<'_>, tree: &UseTree) -> Result<(), Refusal> {
    match tree {
        UseTree::Glob(_) => names.builder = true,
        UseTree::Name(name) => names.imported.push(name.ident.to_string()),
        UseTree::Group(group) => {
            for tree in &group.items {
                import_builder_tree(names, tree)?;
            }
        }
        UseTree::Path(_) | UseTree::Rename(_) => return Err(foreign_import(tree)),
    }
    Ok(())
}

/// The functions and constants of a file.
fn defined(position: usize, unit: &Unit) -> Result<Names<'_>, Refusal> {
    let mut names = Names {
        functions: BTreeMap::new(),
        constants: BTreeMap::new(),
        modules: BTreeMap::new(),
        builder: false,
        imported: Vec::new(),
        symbols: BTreeMap::new(),
    };
    for attribute in &unit.file.attrs {
        check_attribute(attribute)?;
    }
    for item in &unit.file.items {
        match item {
            Item::Fn(item) => {
                check_function(item)?;
                let name = item.sig.ident.to_string();
                if names.functions.insert(name.clone(), (position, item)).is_some() {
                    return Err(twice(&item.sig.ident, &name));
                }
            }
            Item::Const(item) => {
                item.attrs.iter().try_for_each(check_attribute)?;
                let name = item.ident.to_string();
                if names.constants.insert(name.clone(), (position, item)).is_some() {
                    return Err(twice(&item.ident, &name));
                }
            }
            Item::Use(item) => item.attrs.iter().try_for_each(check_attribute)?,
            Item::Mod(item) => check_module(item)?,
            other => return Err(refuse_item(other)),
        }
    }
    Ok(names)
}

fn twice(at: &syn::Ident, name: &str) -> Refusal {
    Refusal::new(at, format!("`{name}` is defined twice"))
        .label("the second time")
        .help("give one of them another name")
}

fn check_module(item: &ItemMod) -> Result<(), Refusal> {
    item.attrs.iter().try_for_each(check_attribute)?;
    if item.content.is_some() {
        return Err(Refusal::foreign(item, "a module with a body").help(
            "write its functions in a file of the same directory and `use super::NAME::*;`",
        ));
    }
    Ok(())
}

fn check_attribute(attribute: &Attribute) -> Result<(), Refusal> {
    let path = attribute.path();
    let known = ["doc", "allow", "expect", "warn", "deny", "forbid", "must_use", "inline"];
    let tool =
        path.segments.first().is_some_and(|it| it.ident == "rustfmt" || it.ident == "clippy");
    if tool || known.iter().any(|it| path.is_ident(it)) {
        return Ok(());
    }
    Err(Refusal::foreign(attribute, "an attribute that changes what the file means"))
}

fn check_function(item: &ItemFn) -> Result<(), Refusal> {
    item.attrs.iter().try_for_each(check_attribute)?;
    let signature = &item.sig;
    let help = "take the word away: a migration is evaluated step by step";
    if let Some(word) = &signature.asyncness {
        return Err(Refusal::foreign(word, "an `async` function").help(help));
    }
    if let Some(abi) = &signature.abi {
        return Err(Refusal::foreign(abi, "an `extern` function"));
    }
    let generic =
        signature.generics.params.iter().find(|it| !matches!(it, syn::GenericParam::Lifetime(_)));
    if let Some(generic) = generic {
        return Err(Refusal::foreign(generic, "a generic function")
            .help("say the types that it takes, or `impl Fn(…) -> …`"));
    }
    if let Some(clause) = &signature.generics.where_clause {
        return Err(Refusal::foreign(clause, "a `where` clause"));
    }
    if !matches!(signature.safety, syn::Safety::Default) {
        return Err(Refusal::foreign(&signature.fn_token, "an `unsafe` function").help(help));
    }
    Ok(())
}

fn refuse_item(item: &Item) -> Refusal {
    let what = match item {
        Item::Struct(_) => "a `struct`",
        Item::Enum(_) => "an `enum`",
        Item::Union(_) => "a `union`",
        Item::Impl(_) => "an `impl`",
        Item::Trait(_) | Item::TraitAlias(_) => "a `trait`",
        Item::Static(_) => "a `static`",
        Item::Type(_) => "a `type` alias",
        Item::Macro(it) if it.ident.is_some() => "a macro's definition",
        Item::Macro(_) => "a macro",
        Item::ExternCrate(_) => "an `extern crate`",
        Item::ForeignMod(_) => "an `extern` block",
        _ => "this item",
    };
    // All of an item is long; its first words are enough to see which.
    let span = item.span();
    let refusal = Refusal::foreign(&span, what);
    match item {
        Item::Static(it) => {
            Refusal { start: it.static_token.span(), end: it.ident.span(), ..refusal }
                .help("write `const` instead")
        }
        Item::Struct(it) => {
            Refusal { start: it.struct_token.span(), end: it.ident.span(), ..refusal }
        }
        Item::Enum(it) => Refusal { start: it.enum_token.span(), end: it.ident.span(), ..refusal },
        Item::Trait(it) => {
            Refusal { start: it.trait_token.span(), end: it.ident.span(), ..refusal }
        }
        Item::Impl(it) => {
            Refusal { start: it.impl_token.span(), end: it.self_ty.span(), ..refusal }
        }
        _ => refusal.help(WAYS_OUT),
    }
}
