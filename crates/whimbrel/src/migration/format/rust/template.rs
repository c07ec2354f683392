//! The macros of the language: `format!`, `concat!`, `vec!` and `include_str!`.

use std::{cell::OnceCell, sync::Arc};

use syn::{Expr, Lit, Macro, Token, punctuated::Punctuated, spanned::Spanned};

use whimbrel_migration::dispatch::Object;

use super::{
    evaluate::{Frame, Interpreter, Outcome},
    expression::Arguments,
    place::index,
    refuse::{A_PROGRAM, Refusal},
    value::{Holder, State, Value, Width},
};

/// The longest text that a migration may put together, in bytes.
const LONGEST_TEXT: usize = 4 * 1024 * 1024;
/// The most places with a macro in one migration.
const MOST_MACROS: usize = 20_000;
/// The widest field of a template.
const WIDEST: usize = 4_096;

/// The arguments of the macros met so far, each parsed once; they live as long as the files.
#[derive(Default)]
pub(super) struct Parsed {
    cell: OnceCell<Box<(Arguments, Parsed)>>,
}

/// The next free place among the [`Parsed`], and how many there are.
pub(super) struct Tail<'a> {
    pub at: &'a Parsed,
    pub count: usize,
}

impl<'a> Interpreter<'a> {
    pub(super) fn macro_call(&mut self, it: &'a Macro, frame: &mut Frame<'a>) -> Outcome<'a> {
        let name = it.path.get_ident().map(ToString::to_string).unwrap_or_default();
        match name.as_str() {
            "vec" => self.vector(it, frame),
            "format" => {
                let arguments = self.arguments(it)?;
                let text = self.template(it, arguments, frame)?;
                self.text(text, it)
            }
            "concat" => {
                let mut text = String::new();
                for argument in self.arguments(it)? {
                    let value = match argument {
                        Expr::Lit(_) | Expr::Unary(_) | Expr::Macro(_) => {
                            self.expression(argument, frame)?
                        }
                        other => {
                            return Err(Refusal::new(other, "`concat!` takes literals")
                                .label("not a literal")
                                .help("write `format!`")
                                .into());
                        }
                    };
                    text.push_str(&shown(&value).ok_or_else(|| unshown(&value, argument))?);
                }
                match self.text(text, it)? {
                    Value::String(text) => Ok(Value::Str(text)),
                    other => Ok(other),
                }
            }
            "include_str" => self.include(it),
            "panic" | "todo" | "unimplemented" | "unreachable" | "assert" | "assert_eq"
            | "assert_ne" | "debug_assert" => {
                Err(Refusal::foreign(&it.path, &format!("`{name}!`"))
                    .help("a migration that can't be made is better not written: take this away")
                    .into())
            }
            "println" | "print" | "eprintln" | "eprint" | "dbg" => {
                Err(Refusal::foreign(&it.path, &format!("`{name}!`"))
                    .help("take it away: reading a migration prints nothing")
                    .into())
            }
            _ => Err(Refusal::foreign(&it.path, &macro_called(&name))
                .help(format!(
                    "write `format!`, `vec!`, `concat!` or `include_str!`; or {A_PROGRAM}"
                ))
                .into()),
        }
    }

    /// A text that was put together, if it isn't too long.
    pub(super) fn text(&mut self, text: String, at: &(impl Spanned + ?Sized)) -> Outcome<'a> {
        if text.len() > LONGEST_TEXT {
            return Err(too_long(at));
        }
        self.pay(text.len() / 256, at)?;
        Ok(Value::string(text))
    }

    fn arguments(&mut self, it: &'a Macro) -> Outcome<'a, &'a Arguments> {
        self.arguments_by(it, Punctuated::parse_terminated)
    }

    fn arguments_by(
        &mut self,
        it: &'a Macro,
        parser: impl FnOnce(syn::parse::ParseStream<'_>) -> syn::Result<Arguments>,
    ) -> Outcome<'a, &'a Arguments> {
        let key: *const Macro = it;
        if let Some(found) = self.macros.get(&key) {
            return Ok(found);
        }
        if self.tail.count == MOST_MACROS {
            return Err(Refusal::new(&it.path, format!("more than {MOST_MACROS} macros"))
                .label("one too many")
                .into());
        }
        let parsed: Arguments = it.parse_body_with(parser).map_err(|error| {
            Refusal::new(&error.span(), format!("this isn't Rust: {error}"))
                .label("here")
                .help("separate the arguments with commas")
        })?;
        let (arguments, next) =
            &**self.tail.at.cell.get_or_init(|| Box::new((parsed, Parsed::default())));
        self.tail.at = next;
        self.tail.count += 1;
        self.macros.insert(key, arguments);
        Ok(arguments)
    }

    fn vector(&mut self, it: &'a Macro, frame: &mut Frame<'a>) -> Outcome<'a> {
        let repeated =
            it.tokens.clone().into_iter().any(
                |token| matches!(token, proc_macro2::TokenTree::Punct(it) if it.as_char() == ';'),
            );
        if repeated {
            return self.repeated_vector(it, frame);
        }
        let arguments = self.arguments(it)?;
        let items = self.items(arguments, frame)?;
        self.made(Value::list(Holder::Vec, items), &it.path)
    }

    /// `vec![value; count]`.
    fn repeated_vector(&mut self, it: &'a Macro, frame: &mut Frame<'a>) -> Outcome<'a> {
        let both = |input: syn::parse::ParseStream<'_>| {
            let value: Expr = input.parse()?;
            let _: Token![;] = input.parse()?;
            let count: Expr = input.parse()?;
            Ok(Arguments::from_iter([value, count]))
        };
        let arguments = self.arguments_by(it, both)?;
        let (Some(value), Some(count)) = (arguments.first(), arguments.get(1)) else {
            return Ok(Value::list(Holder::Vec, Vec::new()));
        };
        let value = self.expression(value, frame)?;
        let found = self.expression(count, frame)?;
        let Some(found) = index(&found) else {
            return Err(Refusal::new(
                count,
                format!("a count is a `usize`, and this is a `{found}`"),
            )
            .label("of another type")
            .help("write a number such as 3")
            .into());
        };
        let once = value.weight(found.max(1), 32);
        self.pay(found.saturating_mul(once), it)?;
        self.made(Value::list(Holder::Vec, vec![value; found]), it)
    }

    fn include(&mut self, it: &'a Macro) -> Outcome<'a> {
        let arguments = self.arguments(it)?;
        let literal = match arguments.first() {
            Some(Expr::Lit(literal)) if arguments.len() == 1 => match &literal.lit {
                Lit::Str(text) => Some(text.value()),
                _ => None,
            },
            _ => None,
        };
        let Some(path) = literal else {
            return Err(Refusal::new(it, "`include_str!` takes a path as a string")
                .label("no such path")
                .help("write `include_str!(\"seed.sql\")`")
                .into());
        };
        let inside = !path.starts_with('/')
            && !path.contains(['\\', ':', '\0'])
            && path.split('/').all(|it| !it.is_empty() && it != ".." && it != ".");
        if !inside {
            return Err(Refusal::new(
                it,
                format!("`{path}` isn't inside of the directory of this file"),
            )
            .label("leads elsewhere")
            .help("put the file beside the migrations and name it without `..`")
            .into());
        }
        let file = self.loaded.siblings.file(&path).map_err(|why| {
            Refusal::new(it, why).label("named here").help("put the file beside the migrations")
        })?;
        self.pay(file.text.len() / 256, &it.path)?;
        self.included.insert(path, Arc::clone(&file));
        Ok(Value::Str(file.text.as_str().into()))
    }

    fn template(
        &mut self,
        it: &'a Macro,
        arguments: &'a Arguments,
        frame: &mut Frame<'a>,
    ) -> Outcome<'a, String> {
        let Some(Expr::Lit(syn::ExprLit { lit: Lit::Str(literal), .. })) = arguments.first() else {
            return Err(Refusal::new(it, "`format!` begins with a string")
                .label("no string")
                .help("write `format!(\"…\", …)`")
                .into());
        };
        let mut given: Vec<Given<'a>> = Vec::new();
        for argument in arguments.iter().skip(1) {
            let (name, value) = match argument {
                Expr::Assign(named) => match &*named.left {
                    Expr::Path(path) => {
                        (path.path.get_ident().map(ToString::to_string), &*named.right)
                    }
                    _ => (None, argument),
                },
                other => (None, other),
            };
            let looked = self.look(value, frame)?;
            given.push(Given { name, value: looked, at: argument, used: false });
        }
        let source = literal.value();
        let mut text = String::new();
        let mut next = 0;
        let mut rest = source.as_str();
        while let Some(at) = rest.find(['{', '}']) {
            text.push_str(&rest[..at]);
            let brace = &rest[at..=at];
            rest = &rest[at + 1..];
            if rest.starts_with(brace) {
                text.push_str(brace);
                rest = &rest[1..];
                continue;
            }
            let Some(end) = rest.find('}').filter(|_| brace == "{") else {
                return Err(Refusal::new(literal, format!("a `{brace}` without its other half"))
                    .label("in this template")
                    .help("write it twice where it is meant as such: `{{` or `}}`")
                    .into());
            };
            let hole = &rest[..end];
            rest = &rest[end + 1..];
            let (what, how) = hole.split_once(':').unwrap_or((hole, ""));
            let what = what.trim();
            let value = self.hole(what, &mut next, &mut given, literal, frame)?;
            let field = Field::parse(how.trim_end()).ok_or_else(|| {
                Refusal::new(literal, format!("the format `{{{hole}}}` isn't understood"))
                    .label("in this template")
                    .help("write `{}`, `{name}`, `{:5}`, `{:<5}`, `{:^5}`, `{:>5}` or `{:02}`")
            })?;
            text.push_str(&field.fill(&value).ok_or_else(|| unshown(&value, literal))?);
            if text.len() > LONGEST_TEXT {
                return Err(too_long(it));
            }
        }
        text.push_str(rest);
        if let Some(idle) = given.iter().find(|it| !it.used) {
            return Err(Refusal::new(idle.at, "the template has no place for this")
                .label("never used")
                .help("write `{}` where it is to stand, or take it away")
                .into());
        }
        Ok(text)
    }

    /// The value that belongs into `{what}`.
    fn hole(
        &mut self,
        what: &str,
        next: &mut usize,
        given: &mut [Given<'a>],
        literal: &syn::LitStr,
        frame: &Frame<'a>,
    ) -> Outcome<'a> {
        let position = if what.is_empty() {
            *next += 1;
            Some(*next - 1)
        } else {
            what.parse::<usize>().ok()
        };
        let missing = |help: String| {
            Refusal::new(literal, format!("there is nothing for `{{{what}}}`"))
                .label("in this template")
                .help(help)
        };
        if let Some(position) = position {
            let found = given.get_mut(position);
            let found = found
                .ok_or_else(|| missing("write one more argument behind the template".to_owned()))?;
            found.used = true;
            return Ok(found.value.clone());
        }
        if let Some(found) = given.iter_mut().find(|it| it.name.as_deref() == Some(what)) {
            found.used = true;
            return Ok(found.value.clone());
        }
        if let Some(slot) = frame.iter().rev().find(|it| *it.name == *what) {
            return match &slot.state {
                State::Here(value) => Ok(value.clone()),
                State::Moved(at) => Err(Refusal::new(
                    literal,
                    format!("`{what}` was moved away and has no value any more"),
                )
                .label("used in this template")
                .and(*at, "moved here")
                .help(format!("write `{what}.clone()` where it is used first"))
                .into()),
                State::Empty => Err(missing(format!("give `{what}` a value first")).into()),
            };
        }
        if self.names[self.unit].constants.contains_key(what) {
            return self.constant(self.unit, what, literal);
        }
        let names: Vec<String> = frame.iter().map(|it| it.name.to_string()).collect();
        let constants = self.names[self.unit].constants.keys().map(String::as_str);
        let near = crate::diagnostic::did_you_mean(
            what,
            names.iter().map(String::as_str).chain(constants),
        );
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => {
                "name a variable or a constant, and nothing else, between the braces".to_owned()
            }
        };
        Err(missing(help).into())
    }
}

fn macro_called(name: &str) -> String {
    if name.is_empty() { "a macro of another crate".to_owned() } else { format!("`{name}!`") }
}

/// An argument of a template.
struct Given<'a> {
    name: Option<String>,
    value: Value<'a>,
    at: &'a Expr,
    used: bool,
}

/// How a value is laid out: `*<08`.
struct Field {
    fill: char,
    align: Option<char>,
    zeros: bool,
    width: usize,
}

impl Field {
    fn parse(how: &str) -> Option<Self> {
        let mut field = Self { fill: ' ', align: None, zeros: false, width: 0 };
        let mut rest = how;
        let mut letters = how.chars();
        let (first, second) = (letters.next(), letters.next());
        let is_align = |it: Option<char>| it.filter(|it| "<^>".contains(*it));
        if let (Some(fill), Some(align)) = (first, is_align(second)) {
            field.fill = fill;
            field.align = Some(align);
            rest = &how[fill.len_utf8() + 1..];
        } else if let Some(align) = is_align(first) {
            field.align = Some(align);
            rest = &how[1..];
        }
        if let Some(more) = rest.strip_prefix('0')
            && !more.is_empty()
        {
            field.zeros = true;
            rest = more;
        }
        if !rest.is_empty() {
            let digits = rest.bytes().all(|it| it.is_ascii_digit());
            field.width = rest.parse().ok().filter(|it| digits && *it <= WIDEST)?;
        }
        Some(field)
    }

    fn fill(&self, value: &Value<'_>) -> Option<String> {
        let text = shown(value)?;
        let number = match value.behind() {
            Value::Int(number, _) => Some(*number),
            _ => None,
        };
        if let (true, Some(number)) = (self.zeros, number) {
            return Some(format!("{number:0width$}", width = self.width));
        }
        let missing = self.width.saturating_sub(text.chars().count());
        let usual = if number.is_some() { '>' } else { '<' };
        let before = match self.align.unwrap_or(usual) {
            '<' => 0,
            '^' => missing / 2,
            _ => missing,
        };
        let blank = |count: usize| std::iter::repeat_n(self.fill, count).collect::<String>();
        Some(format!("{}{text}{}", blank(before), blank(missing - before)))
    }
}

/// What `{}` shows.
pub(super) fn shown(value: &Value<'_>) -> Option<String> {
    match value.behind() {
        Value::Str(text) | Value::String(text) => Some(text.as_ref().to_owned()),
        // rustc takes a number that nothing else speaks about for an `i32`.
        Value::Int(number, Width::Any) => i32::try_from(*number).ok().map(|it| it.to_string()),
        Value::Int(number, _) => Some(number.to_string()),
        Value::Bool(value) => Some(value.to_string()),
        Value::Char(value) => Some(value.to_string()),
        Value::Object(thing) => match &thing.object {
            Object::Failure(failure) => Some(failure.message.clone()),
            _ => None,
        },
        _ => None,
    }
}

fn too_long<'a>(at: &(impl Spanned + ?Sized)) -> super::refuse::Stop<'a> {
    Refusal::new(at, format!("the text has more than {LONGEST_TEXT} bytes"))
        .label("too long")
        .help("migrations are small: keep data in a file of its own")
        .into()
}

fn unshown<'a>(value: &Value<'_>, at: &(impl Spanned + ?Sized)) -> super::refuse::Stop<'a> {
    let refusal =
        Refusal::new(at, format!("a `{value}` can't stand in a text")).label("in this template");
    match value.behind() {
        Value::Int(number, _) => {
            refusal.help(format!("write `{number}_i64`: without a type it is an `i32`")).into()
        }
        _ => refusal.help("put strings, integers, bools and characters into it").into(),
    }
}
