//! Prints a migration as a file that `rustfmt` leaves as it is.
//!
//! The builder says which calls make a value ([`Code`]); here is layout alone: the rules of
//! rustfmt for calls, method chains and arrays under `use_small_heuristics = "Max"`, with its
//! own names for them.

use whimbrel_migration::{
    Migration, Operation,
    code::{Call, Code},
};

/// The longest line.
const MAX_WIDTH: usize = 100;
/// The spaces of one step inwards.
const TAB: usize = 4;
/// Elements of an array up to this length share lines.
const SHORT_ELEMENT: usize = 10;

/// A whole migration file: `doc` as its opening comment, and the function that returns
/// `migration`.
///
/// The same migration gives the same bytes. An expression with a line that can't be kept within
/// 100 columns, such as a long string, is laid out all the same; rustfmt doesn't touch those.
pub fn print(migration: &Migration, doc: &str) -> String {
    let mut file = String::new();
    for line in doc.lines() {
        let line: String = line.chars().filter(|it| *it != '\r').collect();
        file.push_str(format!("//! {line}").trim_end());
        file.push('\n');
    }
    let body = Shape { indent: TAB, column: TAB, width: MAX_WIDTH - TAB };
    let expression = Piece::of(&migration.code());
    let text = expression
        .layout(body, Mode { strict: true, one_line_chains: false })
        .or_else(|| expression.layout(body, Mode { strict: false, one_line_chains: false }))
        .unwrap_or_else(|| expression.line.clone());
    file.push_str("use whimbrel_migration::*;\n\npub fn migration() -> Migration {\n    ");
    file.push_str(&text);
    file.push_str("\n}\n");
    file
}

/// Changes of the schema as calls in a row, each in a line or more of its own: `.drop_table("a")`. No
/// text in them spans lines, so that something may stand before each.
pub fn print_changes(operations: &[Operation]) -> Vec<String> {
    let call = |operation: &Operation| {
        let mut call = operation.code();
        call.arguments.iter_mut().for_each(on_one_line);
        let link = Link::of(&call, ".");
        let mode = Mode { strict: false, one_line_chains: false };
        link.layout(Shape::block(TAB), mode).unwrap_or_else(|| link.line.clone())
    };
    let texts = operations.iter().map(call);
    // Laid out as if the calls stood one step in.
    let out = |line: &str| line.strip_prefix("    ").unwrap_or(line).to_owned();
    texts.flat_map(|it| it.lines().map(out).collect::<Vec<_>>()).collect()
}

/// Puts each text of an expression on one line.
fn on_one_line(code: &mut Code) {
    match code {
        Code::Text(text) if text.contains('\n') => *code = Code::Verbatim(escaped(text)),
        Code::List(items) | Code::Tuple(items) => items.iter_mut().for_each(on_one_line),
        Code::Chain(head, rest) => {
            let calls = std::iter::once(head).chain(rest);
            calls.flat_map(|it| &mut it.arguments).for_each(on_one_line);
        }
        Code::Text(_)
        | Code::Integer(_)
        | Code::Boolean(_)
        | Code::Constant(_)
        | Code::Verbatim(_) => {}
    }
}

/// The call that names a migration's parents: `Migration::after("0001_tenants")`.
pub fn parents(migration: &Migration) -> String {
    let parents = migration.parents.clone();
    Piece::of(&Migration { parents, ..Migration::default() }.code()).line
}

/// The opening comment of a migration file, without its marks; empty where it has none.
pub fn doc(text: &str) -> String {
    let lines = text.lines().map_while(|it| it.strip_prefix("//!"));
    lines.map(|it| it.strip_prefix(' ').unwrap_or(it)).collect::<Vec<_>>().join("\n")
}

/// How a layout is looked for.
#[derive(Clone, Copy)]
struct Mode {
    /// As rustfmt: an expression that doesn't fit is no layout at all. Otherwise there must be
    /// one, if need be with lines that are too long.
    strict: bool,
    /// No chain, however deep inside, may break before its methods.
    one_line_chains: bool,
}

/// Where an expression begins and how much room it has.
#[derive(Clone, Copy)]
struct Shape {
    /// The indentation of the block it stands in.
    indent: usize,
    /// The column it begins at.
    column: usize,
    /// The columns it may take.
    width: usize,
}

impl Shape {
    /// A block one step further in, with room for a trailing comma.
    fn nested(self) -> Self {
        let indent = self.indent + TAB;
        Self { indent, column: indent, width: MAX_WIDTH.saturating_sub(indent + 1) }
    }

    fn block(indent: usize) -> Self {
        Self { indent, column: indent, width: MAX_WIDTH.saturating_sub(indent) }
    }

    fn offset_left(self, by: usize) -> Option<Self> {
        let width = self.width.checked_sub(by)?;
        Some(Self { column: self.column + by, width, ..self })
    }

    fn sub_width(self, by: usize) -> Option<Self> {
        Some(Self { width: self.width.checked_sub(by)?, ..self })
    }
}

/// An expression, with its one-line form at hand.
struct Piece {
    kind: Kind,
    /// The expression on one line, where its strings allow.
    line: String,
    width: usize,
}

enum Kind {
    /// A literal or a name; `line` is its text, which may span lines if it is a raw string.
    Atom,
    List(Vec<Piece>),
    Tuple(Vec<Piece>),
    Chain(Link, Vec<Link>),
}

/// A function call, or `.method(…)`.
struct Link {
    callee: String,
    arguments: Vec<Piece>,
    line: String,
    width: usize,
}

impl Piece {
    fn of(code: &Code) -> Self {
        let (kind, line) = match code {
            Code::Text(text) => (Kind::Atom, literal(text)),
            Code::Integer(number) => (Kind::Atom, number.to_string()),
            Code::Boolean(value) => (Kind::Atom, value.to_string()),
            Code::Constant(text) | Code::Verbatim(text) => (Kind::Atom, text.clone()),
            // The type of an empty array of names has to be said.
            Code::List(items) if items.is_empty() => (Kind::Atom, "[\"\"; 0]".to_owned()),
            Code::List(items) => {
                let items: Vec<Self> = items.iter().map(Self::of).collect();
                let line = format!("[{}]", joined(&items));
                (Kind::List(items), line)
            }
            Code::Tuple(items) => {
                let items: Vec<Self> = items.iter().map(Self::of).collect();
                let line = format!("({})", joined(&items));
                (Kind::Tuple(items), line)
            }
            Code::Chain(head, rest) => {
                let head = Link::of(head, "");
                let rest: Vec<Link> = rest.iter().map(|it| Link::of(it, ".")).collect();
                let line = rest.iter().fold(head.line.clone(), |line, it| line + &it.line);
                (Kind::Chain(head, rest), line)
            }
        };
        let width = width(&line);
        Self { kind, line, width }
    }

    fn is_simple(&self) -> bool {
        matches!(self.kind, Kind::Atom)
    }

    /// Whether the last argument of a call may begin on the call's own line and go on below it.
    fn can_overflow(&self, arguments: usize) -> bool {
        arguments == 1 && !self.is_simple()
    }

    fn is_method_call(&self) -> bool {
        matches!(&self.kind, Kind::Chain(_, rest) if !rest.is_empty())
    }

    fn layout(&self, shape: Shape, mode: Mode) -> Option<String> {
        if self.width <= shape.width && !self.line.contains('\n') {
            return Some(self.line.clone());
        }
        match &self.kind {
            Kind::Atom => self.atom(shape, mode),
            Kind::List(items) => arguments(("", "[", "]"), items, shape, mode),
            Kind::Tuple(items) => arguments(("", "(", ")"), items, shape, mode),
            Kind::Chain(head, rest) if rest.is_empty() => head.layout(shape, mode),
            Kind::Chain(head, rest) => {
                let text = chain(head, rest, shape, mode)?;
                fits(text, shape, mode)
            }
        }
    }

    fn atom(&self, shape: Shape, mode: Mode) -> Option<String> {
        // Rustfmt takes a plain string as it is, however long.
        if self.line.starts_with('"') {
            return Some(self.line.clone());
        }
        fits(self.line.clone(), shape, mode)
    }
}

impl Link {
    fn of(call: &Call, dot: &str) -> Self {
        let callee = format!("{dot}{}", call.name);
        let arguments: Vec<Piece> = call.arguments.iter().map(Piece::of).collect();
        let line = format!("{callee}({})", joined(&arguments));
        let width = width(&line);
        Self { callee, arguments, line, width }
    }

    fn layout(&self, shape: Shape, mode: Mode) -> Option<String> {
        if self.width <= shape.width && !self.line.contains('\n') {
            return Some(self.line.clone());
        }
        arguments((&self.callee, "(", ")"), &self.arguments, shape, mode)
    }
}

fn joined(items: &[Piece]) -> String {
    items.iter().map(|it| it.line.as_str()).collect::<Vec<_>>().join(", ")
}

/// A text of several lines is taken where its first line, its last and those between have room.
fn fits(text: String, shape: Shape, mode: Mode) -> Option<String> {
    if !mode.strict {
        return Some(text);
    }
    let mut lines = text.lines();
    let first = lines.next().map_or(0, width);
    if first > shape.width {
        return None;
    }
    let last = text.lines().last().map_or(0, width);
    let short = lines.all(|it| width(it) <= MAX_WIDTH);
    let ends = !text.contains('\n') || last <= shape.column + shape.width;
    (short && ends).then_some(text)
}

/// The arguments of a call or the elements of an array, between their brackets.
fn arguments(
    (callee, open, close): (&str, &str, &str),
    items: &[Piece],
    shape: Shape,
    mode: Mode,
) -> Option<String> {
    let used = width(callee);
    let one_line_width = shape.width.saturating_sub(used + 2);
    let nested = shape.nested();
    if items.is_empty() {
        return Some(format!("{callee}{open}{close}"));
    }

    if let Some(text) = overflowed(callee, items, shape, one_line_width, mode) {
        return Some(format!("{callee}{open}{text}{close}"));
    }
    let texts: Vec<String> =
        items.iter().map(|it| it.layout(nested, mode)).collect::<Option<_>>()?;
    let total: usize = texts.iter().map(|it| width(it)).sum::<usize>() + 2 * (texts.len() - 1);
    let flat = !texts.iter().any(|it| it.contains('\n'));
    if flat && total <= one_line_width.min(MAX_WIDTH) {
        return Some(format!("{callee}{open}{}{close}", texts.join(", ")));
    }
    let mixed =
        items.iter().all(Piece::is_simple) && texts.iter().all(|it| it.len() <= SHORT_ELEMENT);
    let inner = " ".repeat(nested.indent);
    let mut text = format!("{callee}{open}\n{inner}");
    if mixed {
        text.push_str(&filled(&texts, nested));
    } else {
        text.push_str(&texts.join(&format!(",\n{inner}")));
    }
    text.push_str(",\n");
    text.push_str(&" ".repeat(shape.indent));
    text.push_str(close);
    Some(text)
}

/// Short elements, as many to a line as have room.
fn filled(texts: &[String], shape: Shape) -> String {
    let mut result = String::new();
    let mut line = 0;
    for (position, text) in texts.iter().enumerate() {
        let width = width(text) + 1;
        if line > 0 && line + 1 + width > shape.width {
            result.push('\n');
            result.push_str(&" ".repeat(shape.indent));
            line = 0;
        } else if line > 0 {
            result.push(' ');
            line += 1;
        }
        result.push_str(text);
        if position + 1 < texts.len() {
            result.push(',');
        }
        line += width;
    }
    result
}

/// The only argument beginning on the call's own line and going on below it.
fn overflowed(
    callee: &str,
    items: &[Piece],
    shape: Shape,
    one_line_width: usize,
    mode: Mode,
) -> Option<String> {
    let [item] = items else { return None };
    let short_callee = callee.len() < TAB;
    if !short_callee && !item.can_overflow(1) {
        return None;
    }
    let inside = shape.offset_left(width(callee) + 1)?.sub_width(1)?;
    let one_line_chains = mode.one_line_chains || (!short_callee && item.is_method_call());
    let text = item.layout(inside, Mode { one_line_chains, ..mode })?;
    let first = text.lines().next().map_or(0, width);
    if first > one_line_width.min(MAX_WIDTH) {
        return None;
    }
    // A call that would take but one line of its own isn't pulled up.
    if text.matches('\n').count() == 1
        && let Some(alone) = item.layout(shape.nested(), mode)
        && !alone.contains('\n')
    {
        return None;
    }
    Some(text)
}

/// A call and the methods called on it: on one line, on one line but for the last one's
/// arguments, or each method on its own line.
fn chain(head: &Link, rest: &[Link], shape: Shape, mode: Mode) -> Option<String> {
    let root = head.layout(shape, mode)?;
    let block_like = root.contains('\n');
    let child = Shape::block(if block_like { shape.indent } else { shape.indent + TAB });
    let (last, before) = rest.split_last()?;
    // What stands behind the whole chain stands behind its last method.
    let behind = MAX_WIDTH.saturating_sub(shape.column + shape.width);
    let last_child = child.sub_width(behind).unwrap_or(Shape { width: 0, ..child });
    let mut texts = vec![root];
    for link in before {
        texts.push(link.layout(child, mode)?);
    }

    let extendable = block_like && last_line_extendable(&texts[0]);
    let almost = if extendable {
        texts[0].lines().last().map_or(0, width)
    } else {
        texts.iter().map(|it| width(it)).sum()
    };
    let budget = shape.width.min(MAX_WIDTH).saturating_sub(almost);
    let flat = texts.iter().all(|it| !it.contains('\n')) && budget > 0;
    let mut on_one_line = false;
    let mut text = None;
    if (flat || extendable)
        && let Some(after) = shape.offset_left(almost)
        && let Some(pulled) = last.layout(after, mode)
    {
        let lines = pulled.lines().count();
        let could = pulled.lines().next().map_or(0, width) <= budget;
        if could && lines >= 5 {
            on_one_line = flat;
            text = Some(pulled);
        } else {
            match last.layout(last_child, mode) {
                Some(alone) if !could => text = Some(alone),
                Some(alone) if alone.lines().count() < lines => text = Some(alone),
                _ => {
                    on_one_line = could && flat;
                    text = Some(pulled);
                }
            }
        }
    }
    texts.push(match text {
        Some(text) => text,
        None => last.layout(last_child, mode)?,
    });
    if on_one_line {
        return Some(texts.concat());
    }
    if mode.one_line_chains {
        return None;
    }
    Some(texts.join(&format!("\n{}", " ".repeat(child.indent))))
}

/// Whether a line ends in nothing but closing brackets.
fn last_line_extendable(text: &str) -> bool {
    text.lines().last().is_some_and(|line| line.chars().all(|it| ")]}? ".contains(it)))
}

/// A string literal: raw where that reads better, which is where it has quotes or lines.
fn literal(text: &str) -> String {
    let special = text.contains(['"', '\\', '\n']);
    if !special || !text.chars().all(plain_in_raw) || has_trailing_blanks(text) {
        return escaped(text);
    }
    if !text.contains('"') {
        return format!("r\"{text}\"");
    }
    let hashes = "#".repeat(hashes_needed(text));
    format!("r{hashes}\"{text}\"{hashes}")
}

/// A raw string can't hold a carriage return, and shouldn't hold what can't be seen.
fn plain_in_raw(it: char) -> bool {
    it == '\n' || it == '\t' || !is_hidden(it)
}

/// Controls, and the marks that reorder what is shown: rustc refuses those in a literal.
fn is_hidden(it: char) -> bool {
    it.is_control()
        || matches!(it, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

/// Editors remove blanks at the ends of lines.
fn has_trailing_blanks(text: &str) -> bool {
    text.split('\n').rev().skip(1).any(|line| line.ends_with([' ', '\t']))
}

/// One more than the longest run of `#` behind a quote.
fn hashes_needed(text: &str) -> usize {
    text.split('"')
        .skip(1)
        .map(|it| it.bytes().take_while(|it| *it == b'#').count())
        .max()
        .unwrap_or(0)
        + 1
}

fn escaped(text: &str) -> String {
    let mut literal = String::from("\"");
    for it in text.chars() {
        match it {
            '"' => literal.push_str("\\\""),
            '\\' => literal.push_str("\\\\"),
            '\n' => literal.push_str("\\n"),
            '\r' => literal.push_str("\\r"),
            '\t' => literal.push_str("\\t"),
            '\0' => literal.push_str("\\0"),
            hidden if is_hidden(hidden) => literal.extend(hidden.escape_unicode()),
            plain => literal.push(plain),
        }
    }
    literal.push('"');
    literal
}

/// The columns that a text takes; East Asian letters and pictures take two.
fn width(text: &str) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    text.chars()
        .map(|it| match it {
            '\u{300}'..='\u{36F}' | '\u{FE00}'..='\u{FE0F}' => 0,
            '\u{1100}'..='\u{115F}'
            | '\u{2E80}'..='\u{A4CF}'
            | '\u{AC00}'..='\u{D7A3}'
            | '\u{F900}'..='\u{FAFF}'
            | '\u{FE30}'..='\u{FE6F}'
            | '\u{FF00}'..='\u{FF60}'
            | '\u{FFE0}'..='\u{FFE6}'
            | '\u{1F300}'..='\u{1FAFF}'
            | '\u{20000}'..='\u{3FFFD}' => 2,
            _ => 1,
        })
        .sum()
}
