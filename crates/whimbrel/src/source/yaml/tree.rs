//! A YAML text as a tree whose nodes know their place.
//!
//! Aliases and merge keys are resolved here. Depth and the number of nodes that aliases stand for
//! are bounded, so that a small text can't ask for much memory.

mod events;

use std::{borrow::Cow, collections::BTreeMap, mem, ops::Range, sync::Arc};

use saphyr_parser::{Event, ScalarStyle, Tag};

pub(super) use self::events::Places;
use self::events::{Broken, Heard};

use crate::diagnostic::{Diagnostic, SourceFile, Span};

/// How deep lists and mappings may nest; a schema needs eight.
const DEEPEST: usize = 64;

/// How many nodes all aliases of a file may stand for together.
const MOST_ALIASED: u32 = 100_000;

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Node<'t> {
    /// Its bytes; of a list or mapping, the first thing in it.
    pub(super) range: Range<usize>,
    /// How many nodes it is when all aliases are written out.
    weight: u32,
    /// The value.
    pub(super) value: Value<'t>,
}

/// What a node is. A text that stands in the file as it is meant is not copied out of it, and what
/// an alias repeats is shared.
#[derive(Clone, Debug)]
pub(super) enum Value<'t> {
    /// A word, number or text, and whether it was written without quotes.
    Scalar(Cow<'t, str>, bool),
    /// Values in a row.
    List(Arc<Vec<Node<'t>>>),
    /// Values by key, in the order they were written; no key occurs twice.
    Map(Arc<Vec<Entry<'t>>>),
}

/// A key and its value.
pub(super) type Entry<'t> = (Key<'t>, Node<'t>);

/// The key of a mapping.
#[derive(Clone, Debug)]
pub(super) struct Key<'t> {
    /// Its text.
    pub(super) text: Cow<'t, str>,
    /// Its bytes.
    pub(super) range: Range<usize>,
}

impl Node<'_> {
    /// Whether nothing was written, or a plain `null`.
    pub(super) fn is_null(&self) -> bool {
        matches!(&self.value, Value::Scalar(text, true) if is_null(text))
    }
}

/// Whether a plain scalar of this text is YAML's null.
pub(super) fn is_null(text: &str) -> bool {
    matches!(text, "" | "~" | "null" | "Null" | "NULL")
}

/// Whether two trees say the same, wherever it stands.
pub(super) fn same(one: &Node<'_>, other: &Node<'_>) -> bool {
    match (&one.value, &other.value) {
        (Value::Scalar(one, plain), Value::Scalar(other, too)) => (one, plain) == (other, too),
        (Value::List(one), Value::List(other)) => {
            one.len() == other.len()
                && one.iter().zip(other.iter()).all(|(one, other)| same(one, other))
        }
        (Value::Map(one), Value::Map(other)) => {
            let entry = |(one, other): (&Entry<'_>, &Entry<'_>)| {
                one.0.text == other.0.text && same(&one.1, &other.1)
            };
            one.len() == other.len() && one.iter().zip(other.iter()).all(entry)
        }
        _ => false,
    }
}

/// A text is no YAML, and that was said.
#[derive(Debug)]
pub(super) struct Unreadable;

/// The tree of `file`, or `None` where it is empty.
pub(super) fn parse<'t>(
    file: &'t Arc<SourceFile>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Option<Node<'t>>, Unreadable> {
    parse_but_for("", |_| false, file, diagnostics)
}

/// The same, but for values of the root's list under `key`: each is shown to `take` as soon as it is
/// whole, and where that says that it is taken it does not become part of the tree.
pub(super) fn parse_but_for<'t>(
    key: &'static str,
    take: impl FnMut(&Node<'t>) -> bool,
    file: &'t Arc<SourceFile>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Option<Node<'t>>, Unreadable> {
    let mut builder = Builder {
        file,
        open: Vec::new(),
        items: Vec::new(),
        entries: Vec::new(),
        anchors: Vec::new(),
        aliased: 0,
        root: None,
        key,
        take,
        diagnostics,
    };
    match builder.run() {
        Ok(()) => Ok(builder.root),
        Err(diagnostic) => {
            builder.diagnostics.push(*diagnostic);
            Err(Unreadable)
        }
    }
}

/// A list or mapping whose end has not come.
struct Open<'t> {
    start: usize,
    anchor: usize,
    weight: u32,
    kind: OpenKind<'t>,
}

enum OpenKind<'t> {
    List {
        /// Its values are all from this one on.
        from: usize,
        /// Whether its values may be taken.
        is_shown: bool,
    },
    Map {
        /// Its entries are all from this one on.
        from: usize,
        /// What comes next.
        next: Next<'t>,
        /// The place of each key among them, once there are many.
        places: BTreeMap<Cow<'t, str>, usize>,
        /// What `<<` brings in, once the mapping's own keys are known.
        merged: Vec<Entry<'t>>,
    },
}

enum Next<'t> {
    Key,
    ValueOf(Key<'t>),
    /// The value of a key that is no word; nothing of it is kept.
    Nothing,
}

struct Builder<'t, 'a, F> {
    file: &'t Arc<SourceFile>,
    open: Vec<Open<'t>>,
    /// The values of all lists that are open, those of the innermost one last.
    items: Vec<Node<'t>>,
    /// The same of mappings.
    entries: Vec<Entry<'t>>,
    anchors: Vec<(usize, Node<'t>)>,
    aliased: u32,
    root: Option<Node<'t>>,
    /// The list of the root whose values are shown.
    key: &'static str,
    /// Whether a value is taken by somebody else.
    take: F,
    diagnostics: &'a mut Vec<Diagnostic>,
}

type Stop = Box<Diagnostic>;

impl<'t, F: FnMut(&Node<'t>) -> bool> Builder<'t, '_, F> {
    fn run(&mut self) -> Result<(), Stop> {
        let mut documents = 0;
        events::each(&self.file.text, |heard| self.hear(heard, &mut documents))
    }

    fn hear(
        &mut self,
        heard: Result<Heard<'t>, Broken>,
        documents: &mut usize,
    ) -> Result<(), Stop> {
        let (event, range) = heard.map_err(|Broken { at, because }| {
            Box::new(Diagnostic::error("this is not YAML").at(self.span(at..at), because))
        })?;
        match event {
            Event::DocumentStart(_) if *documents > 0 => {
                return Err(Box::new(
                    Diagnostic::error("a schema file is one YAML document")
                        .at(self.span(range), "a second document starts here")
                        .help("put the documents into files of their own, or remove the `---`"),
                ));
            }
            Event::DocumentStart(_) => *documents += 1,
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
            Event::Alias(anchor) => self.alias(anchor, range)?,
            Event::Scalar(text, style, anchor, tag) => {
                self.scalar(text, style, anchor, tag.as_deref(), range);
            }
            Event::SequenceStart(anchor, tag) => {
                self.check_tag(tag.as_deref(), "seq", &range);
                let (from, is_shown) = (self.items.len(), anchor == 0 && self.is_to_be_shown());
                self.start(range, anchor, OpenKind::List { from, is_shown })?;
            }
            Event::MappingStart(anchor, tag) => {
                self.check_tag(tag.as_deref(), "map", &range);
                let (from, next) = (self.entries.len(), Next::Key);
                let (places, merged) = (BTreeMap::new(), Vec::new());
                self.start(range, anchor, OpenKind::Map { from, next, places, merged })?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(),
        }
        Ok(())
    }

    fn span(&self, range: Range<usize>) -> Span {
        Span { file: self.file.clone(), range }
    }

    /// The range without the blanks at its end, which the parser counts in some styles.
    fn trimmed(&self, range: Range<usize>) -> Range<usize> {
        let text = self.file.text.get(range.clone()).unwrap_or("");
        range.start..range.start + text.trim_end().len()
    }

    fn scalar(
        &mut self,
        text: Cow<'t, str>,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        range: Range<usize>,
    ) {
        let as_text = tag.is_some_and(|it| it.is_yaml_core_schema() && it.suffix == "str");
        if !as_text {
            self.check_tag(tag, "str", &range);
        }
        let plain = style == ScalarStyle::Plain && !as_text;
        let range = self.trimmed(range);
        let node = Node { range, value: Value::Scalar(text, plain), weight: 1 };
        self.finish(node, anchor);
    }

    fn check_tag(&mut self, tag: Option<&Tag>, fits: &str, range: &Range<usize>) {
        let Some(tag) = tag else { return };
        if tag.is_yaml_core_schema() && tag.suffix == fits {
            return;
        }
        let diagnostic = Diagnostic::error("a schema file has no use for YAML tags")
            .at(self.span(range.clone()), format!("the value has the tag `{tag}`"))
            .help("remove the tag");
        self.diagnostics.push(diagnostic);
    }

    fn start(
        &mut self,
        range: Range<usize>,
        anchor: usize,
        kind: OpenKind<'t>,
    ) -> Result<(), Stop> {
        if self.open.len() == DEEPEST {
            return Err(Box::new(
                Diagnostic::error(format!("more than {DEEPEST} levels are nested"))
                    .at(self.span(range), "this is one too many"),
            ));
        }
        self.open.push(Open { start: range.start, anchor, weight: 1, kind });
        Ok(())
    }

    /// Whether the list that begins here is the one whose values may be taken.
    fn is_to_be_shown(&self) -> bool {
        let [Open { anchor: 0, kind, .. }] = self.open.as_slice() else { return false };
        match kind {
            OpenKind::Map { next: Next::ValueOf(key), .. } => {
                let is_again = self.entries.iter().any(|(it, _)| it.text == key.text);
                key.text == self.key && !is_again
            }
            OpenKind::Map { .. } | OpenKind::List { .. } => false,
        }
    }

    fn end(&mut self) {
        let Some(open) = self.open.pop() else { return };
        let (first, value) = match open.kind {
            OpenKind::List { from, .. } => {
                let items: Vec<Node<'t>> = self.items.drain(from..).collect();
                (items.first().map(|it| it.range.clone()), Value::List(items.into()))
            }
            OpenKind::Map { from, mut places, merged, .. } => {
                let first = self.entries.get(from).map(|(it, _)| it.range.clone());
                for (key, node) in merged {
                    if place_of(&self.entries[from..], &mut places, &key.text).is_none() {
                        self.entries.push((key, node));
                    }
                }
                let entries: Vec<Entry<'t>> = self.entries.drain(from..).collect();
                (first, Value::Map(entries.into()))
            }
        };
        let range = first.unwrap_or(open.start..open.start);
        self.finish(Node { range, value, weight: open.weight }, open.anchor);
    }

    fn alias(&mut self, anchor: usize, range: Range<usize>) -> Result<(), Stop> {
        let Some((_, node)) = self.anchors.iter().rev().find(|(it, _)| *it == anchor) else {
            return Err(Box::new(
                Diagnostic::error("an alias stands inside of what it repeats")
                    .at(self.span(range), "this would never end"),
            ));
        };
        let node = node.clone();
        self.aliased = self.aliased.saturating_add(node.weight);
        if self.aliased > MOST_ALIASED {
            return Err(Box::new(
                Diagnostic::error(format!("the aliases stand for more than {MOST_ALIASED} values"))
                    .at(self.span(range), "this is one too many")
                    .help("write the values out, or use fewer aliases of aliases"),
            ));
        }
        self.place(node);
        Ok(())
    }

    fn finish(&mut self, node: Node<'t>, anchor: usize) {
        if anchor != 0 {
            self.anchors.push((anchor, node.clone()));
        }
        self.place(node);
    }

    /// Puts a finished node where it belongs.
    fn place(&mut self, node: Node<'t>) {
        let Some(open) = self.open.last_mut() else {
            self.root.get_or_insert(node);
            return;
        };
        open.weight = open.weight.saturating_add(node.weight);
        let (from, next, places) = match &mut open.kind {
            OpenKind::List { is_shown, .. } => {
                if !*is_shown || !(self.take)(&node) {
                    self.items.push(node);
                }
                return;
            }
            OpenKind::Map { from, next, places, .. } => (*from, next, places),
        };
        match mem::replace(next, Next::Key) {
            Next::Key => {
                if let Value::Scalar(text, _) = node.value {
                    *next = Next::ValueOf(Key { text, range: node.range });
                } else {
                    *next = Next::Nothing;
                    let span = self.span(node.range);
                    let diagnostic = Diagnostic::error("a key is a word").at(span, "this is none");
                    self.diagnostics.push(diagnostic);
                }
            }
            Next::Nothing => {}
            Next::ValueOf(key) if key.text == "<<" => self.merge(&node),
            Next::ValueOf(key) => {
                let entries = &self.entries[from..];
                let before = place_of(entries, places, &key.text).and_then(|it| entries.get(it));
                let Some(first) = before.map(|(it, _)| it.range.clone()) else {
                    self.entries.push((key, node));
                    return;
                };
                let diagnostic = Diagnostic::error(format!("`{}` is there twice", key.text))
                    .at(self.span(key.range), "it is written again here")
                    .and(self.span(first), "it was written here")
                    .help("keep one of the two");
                self.diagnostics.push(diagnostic);
            }
        }
    }

    /// Takes in what `<<` brings: a mapping, or a list of them of which the first has the say.
    fn merge(&mut self, node: &Node<'t>) {
        let maps = match &node.value {
            Value::List(items) => items.as_slice(),
            Value::Map(_) | Value::Scalar(..) => std::slice::from_ref(node),
        };
        for map in maps {
            let Value::Map(brought) = &map.value else {
                let diagnostic = Diagnostic::error("`<<` takes in a mapping or a list of them")
                    .at(self.span(map.range.clone()), "this is neither");
                self.diagnostics.push(diagnostic);
                continue;
            };
            if let Some(Open { kind: OpenKind::Map { merged, .. }, .. }) = self.open.last_mut() {
                merged.extend(brought.iter().cloned());
            }
        }
    }
}

/// How many keys are looked through one by one.
const FEW: usize = 16;

/// Where a key stands in a mapping. Most mappings have a few keys, for which a look at each is
/// quicker than any index.
fn place_of<'t>(
    entries: &[Entry<'t>],
    places: &mut BTreeMap<Cow<'t, str>, usize>,
    key: &str,
) -> Option<usize> {
    if entries.len() <= FEW {
        return entries.iter().position(|it| it.0.text == key);
    }
    for (place, (key, _)) in entries.iter().enumerate().skip(places.len()) {
        places.insert(key.text.clone(), place);
    }
    places.get(key).copied()
}
