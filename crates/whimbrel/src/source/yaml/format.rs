//! A schema file in one layout: what `schema fmt` writes.
//!
//! Only blanks change: the indentation, the blanks around values, and more than one empty line in a
//! row. Words, their quotes, their order, comments, anchors, and what is written in braces stay. What
//! was written is read again and compared before anybody gets it.

use std::{fmt::Write as _, ops::Range, sync::Arc};

use saphyr_parser::{Event, Parser, ScalarStyle};

use super::tree::{self, Places};
use crate::diagnostic::{Diagnostic, SourceFile, Span};

/// The longest line that a list or mapping in braces stays on.
const WIDEST: usize = 120;

/// `file` in its layout, or all that keeps it from being read.
pub fn format(file: &Arc<SourceFile>) -> Result<String, Vec<Diagnostic>> {
    let mut diagnostics = Vec::new();
    let root = tree::parse(file, &mut diagnostics);
    if !diagnostics.is_empty() {
        return Err(diagnostics);
    }
    let Ok(Some(root)) = root else { return Ok(file.text.clone()) };
    let text = match Pieces::of(&file.text).map(|it| it.print()) {
        Ok(text) => text,
        Err(found) => return Err(vec![kept(file, found)]),
    };
    let again = SourceFile::new(&file.name, text.clone());
    let same = tree::parse(&again, &mut diagnostics).ok().flatten();
    let same = same.is_some_and(|it| tree::same(&it, &root));
    let because = match comments(&text) == comments(&file.text) {
        true if same => return Ok(text),
        true => "it would come to mean something else",
        false => "a comment in it has no place of its own",
    };
    Err(vec![kept(file, Kept { at: 0..0, because })])
}

/// What has no layout of ours.
struct Kept {
    at: Range<usize>,
    because: &'static str,
}

fn kept(file: &Arc<SourceFile>, found: Kept) -> Diagnostic {
    Diagnostic::error("this file can't be laid out")
        .at(Span { file: Arc::clone(file), range: found.at }, found.because)
        .help("lay it out by hand; it was left as it is")
}

/// A value, and what stands around it.
struct Piece {
    /// The comments above it, each with whether an empty line stands before it.
    above: Vec<(bool, String)>,
    /// Whether an empty line stands before it.
    spaced: bool,
    /// `&anchor` and `!tag` before it.
    marks: String,
    value: Laid,
    /// The comment behind it on its line.
    behind: Option<String>,
}

enum Laid {
    /// A word, an alias or a text, as it is written.
    Word(String),
    /// A text in lines of its own: its header and its lines.
    Lines(String, Vec<String>),
    /// Nothing at all.
    Nothing,
    List(Block<Piece>),
    Map(Block<(Piece, Piece)>),
}

/// Values in a row.
struct Block<T> {
    items: Vec<T>,
    /// The comments behind the last one.
    below: Vec<(bool, String)>,
    /// Whether it was written in braces or brackets.
    braced: bool,
}

/// The events of a text, with their bytes.
struct Pieces<'a> {
    text: &'a str,
    events: Vec<(Event<'a>, Range<usize>)>,
    next: usize,
    /// The end of what was read.
    at: usize,
    /// Comments that wait for what comes below them.
    waiting: Vec<Waiting>,
    /// Whether an empty line waits for what comes below it.
    spaced: bool,
    /// Anchors and tags that wait for their value.
    marks: String,
    /// The comment behind what was read last.
    behind: Option<String>,
}

/// A comment that waits, and where its line begins it.
struct Waiting {
    column: usize,
    spaced: bool,
    text: String,
}

impl<'a> Pieces<'a> {
    fn of(text: &'a str) -> Result<Document, Kept> {
        let plain = text.strip_prefix('\u{feff}').unwrap_or(text);
        let places = Places::new(plain, 0);
        let mut events = Vec::new();
        for event in Parser::new_from_str(plain) {
            let Ok((event, span)) = event else {
                return Err(Kept { at: 0..0, because: "it can't be read" });
            };
            events.push((event, places.byte(span.start)..places.byte(span.end)));
        }
        let mut pieces = Pieces {
            text: plain,
            events,
            next: 0,
            at: 0,
            waiting: Vec::new(),
            spaced: false,
            marks: String::new(),
            behind: None,
        };
        let mut explicit = false;
        while let Some((event, _)) = pieces.events.get(pieces.next) {
            match event {
                Event::DocumentStart(it) => explicit = *it,
                Event::StreamStart | Event::Nothing => {}
                _ => break,
            }
            pieces.next += 1;
        }
        let root = pieces.piece()?;
        pieces.gap(plain.len())?;
        let below = pieces.waiting.drain(..).map(|it| (it.spaced, it.text)).collect();
        Ok(Document { explicit, root, below })
    }

    fn peek(&self) -> Option<(&Event<'a>, Range<usize>)> {
        self.events.get(self.next).map(|(event, range)| (event, range.clone()))
    }

    /// Reads what stands between two values: comments, empty lines, anchors and tags.
    fn gap(&mut self, end: usize) -> Result<(), Kept> {
        let begin = self.at;
        let Some(gap) = self.text.get(begin..end) else { return Ok(()) };
        let lines: Vec<&str> = gap.split('\n').collect();
        let mut start = begin;
        for (position, line) in lines.iter().enumerate() {
            let follows = position == 0 && begin != 0;
            let is_whole = position + 1 < lines.len() && !follows;
            if is_whole && line.trim().is_empty() {
                self.spaced = true;
            } else {
                self.line(line, start, follows)?;
            }
            start += line.len() + 1;
        }
        self.at = end.max(begin);
        Ok(())
    }

    /// A line of a gap, or the part of one; whether it follows a value on its line.
    fn line(&mut self, line: &str, start: usize, follows: bool) -> Result<(), Kept> {
        let (words, comment) = match comment_in(line) {
            Some(at) => (&line[..at], Some(line[at..].trim_end())),
            None => (line, None),
        };
        for word in words.split([' ', '\t', '\r', ',', ':', '[', ']', '{', '}']) {
            match word {
                "" | "-" | "---" | "..." => {}
                word if word.starts_with(['&', '!']) => {
                    let _ = write!(self.marks, "{word} ");
                }
                _ => {
                    let at = start..start + words.len();
                    return Err(Kept { at, because: "this is a way of YAML that has no layout" });
                }
            }
        }
        let Some(comment) = comment else { return Ok(()) };
        if follows {
            self.behind = Some(comment.to_owned());
            return Ok(());
        }
        let line_start = self.text[..start].rfind('\n').map_or(0, |it| it + 1);
        let (column, spaced) = (start - line_start + words.len(), std::mem::take(&mut self.spaced));
        self.waiting.push(Waiting { column, spaced, text: comment.to_owned() });
        Ok(())
    }

    /// The next value with all that is in it.
    fn piece(&mut self) -> Result<Piece, Kept> {
        let Some((event, range)) = self.peek() else { return Ok(Piece::nothing()) };
        let event = event.clone();
        let begin = match event {
            // A mapping begins where its first key does, so what marks that key is none of its own.
            Event::SequenceStart(0, None) | Event::MappingStart(0, None) => range.start,
            _ => after_marks(self.text, range.start),
        };
        let is_braced = self.text[begin..].starts_with(['[', '{']);
        let is_block = matches!(event, Event::SequenceStart(..) | Event::MappingStart(..));
        if is_block && !is_braced {
            // What stands above a block stands above the first thing in it; its anchor and its tag
            // stand on the line of its key.
            self.gap(begin)?;
            let marks = std::mem::take(&mut self.marks);
            self.next += 1;
            let first = self.peek().map_or(begin, |(_, range)| range.start);
            let value = self.block(&event, first, false)?;
            let (above, spaced, behind) = (Vec::new(), false, None);
            return Ok(Piece { above, spaced, marks, value, behind });
        }
        let header = match event {
            Event::Scalar(_, ScalarStyle::Literal | ScalarStyle::Folded, ..) => {
                self.text[self.at..].find(['|', '>']).map(|it| self.at + it)
            }
            _ => None,
        };
        self.gap(header.unwrap_or(begin))?;
        let above = self.waiting.drain(..).map(|it| (it.spaced, it.text)).collect();
        let spaced = std::mem::take(&mut self.spaced);
        let marks = std::mem::take(&mut self.marks);
        self.behind = None;
        self.next += 1;
        let value = match event {
            Event::Scalar(..) if header.is_some() => {
                self.lines(header.unwrap_or_default()..range.end)?
            }
            Event::Scalar(_, style, ..) => self.word(style, &(begin..range.end))?,
            Event::Alias(_) => Laid::Word(self.take(&range)),
            Event::SequenceStart(..) | Event::MappingStart(..) => {
                self.at = begin + 1;
                self.block(&event, begin, true)?
            }
            _ => return Err(Kept { at: range, because: "a value is missing here" }),
        };
        Ok(Piece { above, spaced, marks, value, behind: None })
    }

    fn take(&mut self, range: &Range<usize>) -> String {
        self.at = self.at.max(range.end);
        self.text.get(range.clone()).unwrap_or("").trim_end().to_owned()
    }

    /// A word or a text on one line, as it is written.
    fn word(&mut self, style: ScalarStyle, range: &Range<usize>) -> Result<Laid, Kept> {
        let end = match style {
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
                range.start + quoted(&self.text[range.start..])
            }
            // Nothing before a comma or an end: the parser gives it the place of that.
            _ if self.text[range.start..].starts_with([',', '}', ']']) => range.start,
            _ => range.end,
        };
        let text = self.take(&(range.start..end));
        if text.is_empty() {
            return Ok(Laid::Nothing);
        }
        if text.contains('\n') {
            let because = "a text over several lines is written with `|` or `>`";
            return Err(Kept { at: range.clone(), because });
        }
        Ok(Laid::Word(text))
    }

    /// A text in lines of its own, from its `|` or `>` on.
    fn lines(&mut self, range: Range<usize>) -> Result<Laid, Kept> {
        let text = self.take(&range);
        let (header, lines) = text.split_once('\n').unwrap_or((&text, ""));
        if header.contains(|it: char| it.is_ascii_digit() || it == '+') {
            let because = "a text that says its own indentation or end stays where it is";
            return Err(Kept { at: range, because });
        }
        let indent = lines
            .lines()
            .filter(|it| !it.trim().is_empty())
            .map(|it| it.len() - it.trim_start_matches(' ').len())
            .min()
            .unwrap_or(0);
        let line = |it: &str| it.get(indent..).unwrap_or("").trim_end_matches('\r').to_owned();
        Ok(Laid::Lines(header.trim_end().to_owned(), lines.lines().map(line).collect()))
    }

    /// What is in a list or mapping, to its end.
    fn block(&mut self, start: &Event<'a>, begin: usize, braced: bool) -> Result<Laid, Kept> {
        let line = self.text[..begin].rfind('\n').map_or(0, |it| it + 1);
        let dash = self.text[line..begin].rfind('-');
        let column = match start {
            Event::SequenceStart(..) => dash.unwrap_or(begin - line),
            _ => begin - line,
        };
        if matches!(start, Event::SequenceStart(..)) {
            let mut items = Vec::new();
            while !self.ends() {
                items.push(self.piece()?);
                self.comment_of(items.last_mut());
            }
            let below = self.end(column, braced, begin)?;
            self.comment_of(items.last_mut());
            return Ok(Laid::List(Block { items, below, braced }));
        }
        let mut items: Vec<(Piece, Piece)> = Vec::new();
        while !self.ends() {
            let key = self.piece()?;
            let value = self.piece()?;
            items.push((key, value));
            self.comment_of(items.last_mut().map(|it| &mut it.1));
        }
        let below = self.end(column, braced, begin)?;
        self.comment_of(items.last_mut().map(|it| &mut it.1));
        Ok(Laid::Map(Block { items, below, braced }))
    }

    fn ends(&self) -> bool {
        matches!(self.peek(), None | Some((Event::SequenceEnd | Event::MappingEnd, _)))
    }

    /// Gives what was just read the comment behind it, which only the next gap shows.
    fn comment_of(&mut self, piece: Option<&mut Piece>) {
        let next = self.peek().map_or(self.text.len(), |(_, range)| range.start);
        let line = self.text.get(self.at..next).unwrap_or("");
        let line = line.split('\n').next().unwrap_or("");
        if let Some(at) = comment_in(line)
            && let Some(piece) = piece
        {
            let place = match &mut piece.value {
                // It stands behind the last thing in it.
                Laid::List(block) if !block.braced => return,
                Laid::Map(block) if !block.braced => return,
                _ => &mut piece.behind,
            };
            if place.is_none() {
                *place = Some(line[at..].trim_end().to_owned());
            }
        }
    }

    /// The end of a list or mapping: the comments that stand as far in as it does belong to it.
    fn end(
        &mut self,
        column: usize,
        braced: bool,
        begin: usize,
    ) -> Result<Vec<(bool, String)>, Kept> {
        let end = self.peek().map_or(self.text.len(), |(_, range)| range.end);
        let start = self.peek().map_or(self.text.len(), |(_, range)| range.start);
        self.next += 1;
        if braced {
            self.gap(start)?;
            self.at = end.max(start + usize::from(end == start));
            if !self.waiting.is_empty() {
                let because = "a comment inside of braces has no place of its own";
                return Err(Kept { at: begin..self.at, because });
            }
            (self.spaced, self.behind) = (false, None);
            return Ok(Vec::new());
        }
        self.gap(start.max(self.at))?;
        let inside = self.waiting.iter().take_while(|it| it.column >= column && column > 0).count();
        Ok(self.waiting.drain(..inside).map(|it| (it.spaced, it.text)).collect())
    }
}

/// A whole file.
struct Document {
    explicit: bool,
    root: Piece,
    below: Vec<(bool, String)>,
}

impl Piece {
    fn nothing() -> Self {
        let (above, marks) = (Vec::new(), String::new());
        Self { above, spaced: false, marks, value: Laid::Nothing, behind: None }
    }

    /// The piece that stands first in it, which carries what stands above it.
    fn first(&self) -> &Self {
        match &self.value {
            Laid::List(block) if !block.braced => block.items.first().map_or(self, Self::first),
            Laid::Map(block) if !block.braced => {
                block.items.first().map_or(self, |it| it.0.first())
            }
            _ => self,
        }
    }

    /// It on one line, if it may stand there.
    fn on_one_line(&self) -> Option<String> {
        let value = match &self.value {
            Laid::Word(word) => word.clone(),
            Laid::Nothing => String::new(),
            Laid::Lines(..) => return None,
            Laid::List(block) if block.braced => {
                let items: Option<Vec<String>> =
                    block.items.iter().map(Self::on_one_line).collect();
                format!("[{}]", items?.join(", "))
            }
            Laid::Map(block) if block.braced => {
                let entry = |(key, value): &(Self, Self)| {
                    let (key, value) = (key.on_one_line()?, value.on_one_line()?);
                    Some(format!("{key}: {value}"))
                };
                let entries: Option<Vec<String>> = block.items.iter().map(entry).collect();
                format!("{{{}}}", entries?.join(", "))
            }
            Laid::List(_) | Laid::Map(_) => return None,
        };
        Some(format!("{}{value}", self.marks).trim_end().to_owned())
    }
}

impl Document {
    fn print(&self) -> String {
        let mut printer = Printer::default();
        if self.explicit {
            printer.text.push_str("---\n");
        }
        printer.lead(&self.root, 0);
        printer.value(&self.root, 0, true);
        printer.above(&self.below, 0);
        let text = printer.text.trim_end();
        format!("{text}\n")
    }
}

#[derive(Default)]
struct Printer {
    text: String,
}

impl Printer {
    /// Comments in lines of their own.
    fn above(&mut self, comments: &[(bool, String)], indent: usize) {
        for (spaced, comment) in comments {
            self.space(*spaced);
            let _ = writeln!(self.text, "{:indent$}{comment}", "");
        }
    }

    fn space(&mut self, spaced: bool) {
        if spaced && !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    fn behind(&mut self, piece: &Piece) {
        if let Some(comment) = &piece.behind {
            let _ = write!(self.text, "  {comment}");
        }
        self.text.push('\n');
    }

    /// A value whose line has begun, or begins with it. What stands above it has been written.
    fn value(&mut self, piece: &Piece, indent: usize, begins: bool) {
        let wide = |it: &String| it.len() + indent <= WIDEST;
        let is_word = matches!(piece.value, Laid::Word(_) | Laid::Nothing);
        if let Some(line) = piece.on_one_line().filter(|it| is_word || wide(it)) {
            if !begins && !line.is_empty() {
                self.text.push(' ');
            }
            self.text.push_str(&line);
            return self.behind(piece);
        }
        let is_block = matches!(piece.value, Laid::List(_) | Laid::Map(_));
        if !piece.marks.is_empty() {
            let marks = piece.marks.trim_end();
            let _ = write!(self.text, "{}{marks}", if begins { "" } else { " " });
            if begins && is_block {
                // Its first line begins anew, below the anchor.
                let _ = write!(self.text, "\n{:indent$}", "");
            }
        }
        match &piece.value {
            Laid::Lines(header, lines) => {
                let _ = writeln!(self.text, " {header}");
                for line in lines {
                    if line.is_empty() {
                        self.text.push('\n');
                    } else {
                        let _ = writeln!(self.text, "{:indent$}{line}", "");
                    }
                }
            }
            Laid::List(block) => {
                if !begins {
                    self.behind(piece);
                }
                for (position, item) in block.items.iter().enumerate() {
                    if !(begins && position == 0) {
                        self.lead(item, indent);
                    }
                    self.text.push_str("- ");
                    self.value(item, indent + 2, true);
                }
                self.above(&block.below, indent);
            }
            Laid::Map(block) => {
                if !begins {
                    self.behind(piece);
                }
                for (position, (key, value)) in block.items.iter().enumerate() {
                    if !(begins && position == 0) {
                        self.lead(key, indent);
                    }
                    let _ = write!(self.text, "{}:", key.on_one_line().unwrap_or_default());
                    self.value(value, indent + 2, false);
                }
                self.above(&block.below, indent);
            }
            Laid::Word(_) | Laid::Nothing => {}
        }
    }

    /// What stands above an item, and the beginning of its line.
    fn lead(&mut self, item: &Piece, indent: usize) {
        let first = item.first();
        self.above(&first.above, indent);
        self.space(first.spaced);
        let _ = write!(self.text, "{:indent$}", "");
    }
}

/// Where a value begins behind the anchor and the tag at `start`.
fn after_marks(text: &str, start: usize) -> usize {
    let mut at = start;
    while text[at..].starts_with(['&', '!']) {
        let rest = &text[at..];
        let word = rest.find(char::is_whitespace).unwrap_or(rest.len());
        at += word + rest[word..].len() - rest[word..].trim_start_matches([' ', '\t']).len();
    }
    at
}

/// How long the text in quotes is that stands first.
fn quoted(text: &str) -> usize {
    let quote = text.chars().next().unwrap_or('"');
    let mut rest = text.char_indices().skip(1).peekable();
    while let Some((at, it)) = rest.next() {
        match it {
            '\\' if quote == '"' => drop(rest.next()),
            it if it == quote && quote == '\'' && rest.peek().is_some_and(|it| it.1 == quote) => {
                rest.next();
            }
            it if it == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// Where a comment begins in a line of which nothing is a text.
fn comment_in(line: &str) -> Option<usize> {
    line.match_indices('#')
        .map(|(at, _)| at)
        .find(|at| line[..*at].chars().next_back().is_none_or(char::is_whitespace))
}

/// What looks like a comment, in its order.
fn comments(text: &str) -> Vec<&str> {
    text.lines().filter_map(|it| comment_in(it).map(|at| it[at..].trim_end())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn formatted(text: &str) -> String {
        format(&SourceFile::new("schema.yaml", text)).unwrap_or_else(|it| panic!("{}", it[0]))
    }

    #[track_caller]
    fn check(text: &str, wanted: &str) {
        let found = formatted(text);
        assert!(found == wanted, "found:\n{found}\nwanted:\n{wanted}");
        assert_eq!(formatted(&found), found, "again");
    }

    #[test]
    fn blanks_change_and_nothing_else() {
        check(
            "# the shop\n\n\ntables:\n- name:   users   # people\n  fields:\n     - { name: id,type: serial , primary_key: true}\n     # the rest\n     - name:  'email'\n       type:  \"text\"   # long\n\n\n     # - name: old\n- name: orders\n  fields: [ {name: id, type: serial} ]\n# the end\n",
            "# the shop\n\ntables:\n  - name: users  # people\n    fields:\n      - {name: id, type: serial, primary_key: true}\n      # the rest\n      - name: 'email'\n        type: \"text\"  # long\n\n      # - name: old\n  - name: orders\n    fields: [{name: id, type: serial}]\n# the end\n",
        );
    }

    #[test]
    fn a_key_without_a_value_in_braces_gets_none() {
        let laid_out = "tables: [{name: a, fields: }, {b: , c: , d: }]\n";
        check("tables: [{name: a , fields,},\n {b,c: ,d}]\n", laid_out);
    }

    #[test]
    fn an_anchor_of_a_key_stays_with_it() {
        check("indexes:\n  -  &a name: x\n     b: c\n", "indexes:\n  - &a name: x\n    b: c\n");
        check("&a x:\n  - &b\n    c: d\n", "&a x:\n  - &b\n    c: d\n");
        check("a: &x\n  &y b: &z [&w c]\n", "a: &x\n  &y b: &z [&w c]\n");
    }

    #[test]
    fn anchors_texts_and_nothing_keep_their_form() {
        check(
            "tables:\n  -   name: a\n      fields: &all\n        - &id { name: id, type: serial }\n        - name: b\n          type: text\n          default:\n  -   name: b\n      fields:  *all\n      comment: |\n          one\n            two\n\n          three\n",
            "tables:\n  - name: a\n    fields: &all\n      - &id {name: id, type: serial}\n      - name: b\n        type: text\n        default:\n  - name: b\n    fields: *all\n    comment: |\n      one\n        two\n\n      three\n",
        );
    }

    #[test]
    fn what_is_wide_in_braces_gets_lines() {
        let long = "x".repeat(130);
        check(
            &format!("tables:\n  - {{name: a, fields: [{{name: {long}, type: text}}]}}\n"),
            &format!(
                "tables:\n  - name: a\n    fields:\n      - name: {long}\n        type: text\n"
            ),
        );
    }

    #[test]
    fn an_empty_file_and_comments_alone_stay() {
        for text in ["", "# nothing yet\n", "tables: []\n", "---\ntables:\n  - name: ä  # ö\n"] {
            check(text, text);
        }
    }

    #[test]
    fn what_has_no_layout_is_left_alone() {
        for text in ["a: [1, # one\n  2]\n", "? a\n: b\n", "a: \"one\n  two\"\n", "a: |2\n   b\n"] {
            let refused = format(&SourceFile::new("schema.yaml", text));
            assert!(refused.is_err(), "{text}: {refused:?}");
        }
    }
}
