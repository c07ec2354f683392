//! Names and cases in code that is never run: an arm that is not taken, a function that nobody
//! calls.
//!
//! What runs is looked up as it runs. The compiler looks at the rest as well, so that a file which
//! whimbrel takes and the editor underlines would be a nasty surprise; every name is looked up
//! here once more.

use syn::{
    Arm, Block, Expr, ExprClosure, ExprForLoop, ExprIf, ExprMacro, ExprMethodCall, ExprPath,
    ExprWhile, GenericArgument, Item, ItemFn, Local, Macro, Pat, PatIdent, PathArguments, Token,
    TypePath, UseTree,
    parse::Parser,
    punctuated::Punctuated,
    visit::{self, Visit},
};
use whimbrel_migration::dispatch::{ENTRIES, TYPES};

use super::{
    cases,
    evaluate::Interpreter,
    path::{is_constant_pattern, type_names},
    refuse::Refusal,
    value::Width,
};
use crate::diagnostic::did_you_mean;

impl Interpreter<'_> {
    /// The first name that stands for nothing, in any file of the migration.
    pub(super) fn unknown_name(&mut self) -> Option<Refusal> {
        let loaded = self.loaded;
        for (position, unit) in loaded.units.iter().enumerate() {
            self.unit = position;
            let mut looker = Looker {
                at: self,
                locals: Vec::new(),
                lifetimes: Vec::new(),
                loops: 0,
                found: None,
            };
            for item in &unit.file.items {
                match item {
                    Item::Fn(item) => looker.function(item),
                    Item::Const(item) => {
                        looker.visit_type(&item.ty);
                        looker.visit_expr(&item.expr);
                    }
                    Item::Use(item) => looker.import(&item.tree, false),
                    _ => {}
                }
            }
            if let Some(refusal) = looker.found {
                return Some(refusal);
            }
        }
        None
    }
}

struct Looker<'i, 'a> {
    at: &'i Interpreter<'a>,
    /// The variables that are in scope.
    locals: Vec<String>,
    /// The lifetimes that the function names.
    lifetimes: Vec<String>,
    /// How many loops there are around.
    loops: usize,
    found: Option<Refusal>,
}

impl Looker<'_, '_> {
    fn found(&mut self, refusal: Refusal) {
        self.found.get_or_insert(refusal);
    }

    fn function(&mut self, item: &ItemFn) {
        self.lifetimes =
            item.sig.generics.lifetimes().map(|it| it.lifetime.ident.to_string()).collect();
        for input in &item.sig.inputs {
            if let syn::FnArg::Typed(input) = input {
                self.visit_pat(&input.pat);
                self.visit_type(&input.ty);
            }
        }
        self.visit_return_type(&item.sig.output);
        self.visit_block(&item.block);
        self.locals.clear();
    }

    /// What the builder doesn't have can't be imported from it.
    fn import(&mut self, tree: &UseTree, inside: bool) {
        match tree {
            UseTree::Path(path) => {
                let builder = path.ident == "whimbrel_migration" || path.ident == "whimbrel";
                self.import(&path.tree, inside || builder);
            }
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.import(tree, inside);
                }
            }
            UseTree::Name(name) if inside => {
                let word = name.ident.to_string();
                if !is_exported(&word) {
                    let known = ENTRIES.iter().filter(|it| it.receiver.is_none()).map(|it| it.name);
                    let near = did_you_mean(&word, known.chain(TYPES.iter().copied()));
                    self.found(
                        Refusal::new(&name.ident, format!("the builder has no `{word}`"))
                            .label("not found there")
                            .help(match near {
                                Some(near) => format!("did you mean `{near}`?"),
                                None => "write `use whimbrel_migration::*;`".to_owned(),
                            }),
                    );
                }
            }
            _ => {}
        }
    }

    /// Looks at what `inside` visits, whose variables end with it.
    fn scoped(&mut self, inside: impl FnOnce(&mut Self)) {
        let outer = self.locals.len();
        inside(self);
        self.locals.truncate(outer);
    }

    /// Looks at the body of a loop.
    fn looped(&mut self, inside: impl FnOnce(&mut Self)) {
        self.loops += 1;
        inside(self);
        self.loops -= 1;
    }

    fn left(&mut self, word: &str, at: &syn::Expr) {
        if self.loops == 0 {
            self.found(
                Refusal::new(at, format!("`{word}` stands outside of a loop"))
                    .label("there is no loop to leave")
                    .help("write `return …` to leave a function, or take it away"),
            );
        }
    }

    fn local(&self, name: &syn::Ident) -> bool {
        self.locals.iter().any(|it| name == it)
    }
}

/// Whether the builder has something of this name to import.
fn is_exported(word: &str) -> bool {
    TYPES.contains(&word)
        || ENTRIES.iter().any(|it| it.receiver.is_none() && it.name == word)
        || whimbrel_migration::dispatch::constant(word).is_some()
        || matches!(word, "mariadb" | "mysql" | "postgres" | "sqlite" | "migration" | "prelude")
}

impl<'ast> Visit<'ast> for Looker<'_, '_> {
    fn visit_expr_path(&mut self, it: &'ast ExprPath) {
        if it.path.get_ident().is_some_and(|name| self.local(name)) {
            return;
        }
        if let Err(refusal) = self.at.resolved(&it.path, it) {
            self.found(refusal);
        }
    }

    fn visit_type_path(&mut self, it: &'ast TypePath) {
        let Some(last) = it.path.segments.last() else { return };
        let name = last.ident.to_string();
        let is_builder = TYPES.contains(&name.as_str());
        if is_builder && it.path.segments.len() == 1 && !self.at.names[self.at.unit].sees(&name) {
            self.found(
                Refusal::new(it, format!("`{name}` is the builder's, and isn't in scope"))
                    .label("not imported")
                    .help("write `use whimbrel_migration::*;` at the top of the file"),
            );
        } else if !is_builder
            && Width::named(&name).is_none()
            && !type_names().any(|it| it == name)
            && !matches!(name.as_str(), "str" | "Fn" | "FnMut" | "FnOnce")
        {
            self.found(
                Refusal::new(it, format!("there is no type `{name}`")).label("not found").help(
                    match did_you_mean(&name, type_names()) {
                        Some(near) => format!("did you mean `{near}`?"),
                        None => format!("write one of the builder's: {}", TYPES.join(", ")),
                    },
                ),
            );
        }
        let wanted = match name.as_str() {
            "Vec" | "Option" => 1..=1,
            "Result" => 2..=2,
            "Fn" | "FnMut" | "FnOnce" => 0..=usize::MAX,
            _ => 0..=0,
        };
        let given = match &last.arguments {
            PathArguments::AngleBracketed(them) => {
                them.args.iter().filter(|it| matches!(it, GenericArgument::Type(_))).count()
            }
            _ => 0,
        };
        if !wanted.contains(&given) {
            let message = format!("`{name}` takes {} types here", wanted.start());
            self.found(
                Refusal::new(it, message)
                    .label(format!("and has {given}"))
                    .help("write `Vec<T>`, `Option<T>` or `Result<T, E>`"),
            );
        }
        visit::visit_type_path(self, it);
    }

    fn visit_lifetime(&mut self, it: &'ast syn::Lifetime) {
        let name = it.ident.to_string();
        if name != "static" && name != "_" && !self.lifetimes.contains(&name) {
            self.found(
                Refusal::new(it, format!("there is no lifetime `'{name}`"))
                    .label("not found")
                    .help("write `'static` for texts of the file"),
            );
        }
    }

    fn visit_pat_ident(&mut self, it: &'ast PatIdent) {
        if !is_constant_pattern(&Pat::Ident(it.clone())) {
            self.locals.push(it.ident.to_string());
        }
        visit::visit_pat_ident(self, it);
    }

    fn visit_local(&mut self, it: &'ast Local) {
        // The value is looked at first: its name is not there yet.
        if let Some(init) = &it.init {
            self.visit_expr(&init.expr);
            if let Some((_, diverge)) = &init.diverge {
                self.visit_expr(diverge);
            }
        }
        self.visit_pat(&it.pat);
    }

    fn visit_block(&mut self, it: &'ast Block) {
        self.scoped(|looker| visit::visit_block(looker, it));
    }

    fn visit_arm(&mut self, it: &'ast Arm) {
        self.scoped(|looker| visit::visit_arm(looker, it));
    }

    fn visit_expr_match(&mut self, it: &'ast syn::ExprMatch) {
        if let Some(refusal) = cases::missing(it) {
            self.found(refusal);
        }
        visit::visit_expr_match(self, it);
    }

    fn visit_expr_closure(&mut self, it: &'ast ExprClosure) {
        let loops = std::mem::take(&mut self.loops);
        self.scoped(|looker| visit::visit_expr_closure(looker, it));
        self.loops = loops;
    }

    fn visit_expr_loop(&mut self, it: &'ast syn::ExprLoop) {
        self.looped(|looker| visit::visit_expr_loop(looker, it));
    }

    fn visit_expr(&mut self, it: &'ast Expr) {
        match it {
            Expr::Break(_) => self.left("break", it),
            Expr::Continue(_) => self.left("continue", it),
            _ => {}
        }
        visit::visit_expr(self, it);
    }

    fn visit_expr_for_loop(&mut self, it: &'ast ExprForLoop) {
        self.visit_expr(&it.expr);
        self.scoped(|looker| {
            looker.visit_pat(&it.pat);
            looker.looped(|looker| looker.visit_block(&it.body));
        });
    }

    fn visit_expr_if(&mut self, it: &'ast ExprIf) {
        self.scoped(|looker| {
            looker.visit_expr(&it.cond);
            looker.visit_block(&it.then_branch);
        });
        if let Some((_, otherwise)) = &it.else_branch {
            self.visit_expr(otherwise);
        }
    }

    fn visit_expr_while(&mut self, it: &'ast ExprWhile) {
        self.scoped(|looker| {
            looker.visit_expr(&it.cond);
            looker.looped(|looker| looker.visit_block(&it.body));
        });
    }

    fn visit_expr_let(&mut self, it: &'ast syn::ExprLet) {
        self.visit_expr(&it.expr);
        self.visit_pat(&it.pat);
    }

    /// A migration is one long chain, which must not become as deep a recursion.
    fn visit_expr_method_call(&mut self, it: &'ast ExprMethodCall) {
        let mut call = it;
        loop {
            if let Some(turbofish) = &call.turbofish {
                self.visit_angle_bracketed_generic_arguments(turbofish);
            }
            for argument in &call.args {
                self.visit_expr(argument);
            }
            match &*call.receiver {
                Expr::MethodCall(inner) => call = inner,
                other => return self.visit_expr(other),
            }
        }
    }

    fn visit_expr_macro(&mut self, it: &'ast ExprMacro) {
        self.visit_macro(&it.mac);
    }

    /// The arguments of `vec!`, `format!` and their like are expressions.
    fn visit_macro(&mut self, it: &'ast Macro) {
        let list = Punctuated::<Expr, Token![,]>::parse_terminated.parse2(it.tokens.clone());
        // `vec![value; count]`.
        let list = list.or_else(|why| {
            let both = Punctuated::<Expr, Token![;]>::parse_separated_nonempty;
            both.parse2(it.tokens.clone()).map(|it| it.into_iter().collect()).map_err(|_| why)
        });
        let Ok(list) = list else { return };
        for argument in &list {
            // `format!("{a}", a = 1)`: what stands before the sign is no variable.
            let argument = match argument {
                Expr::Assign(named) => &*named.right,
                other => other,
            };
            let mut inner = Looker {
                at: self.at,
                locals: self.locals.clone(),
                lifetimes: self.lifetimes.clone(),
                loops: self.loops,
                found: None,
            };
            inner.visit_expr(argument);
            if let Some(refusal) = inner.found {
                self.found(refusal);
            }
        }
    }
}
