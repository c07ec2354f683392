//! What the parser says of a text, piece by piece.
//!
//! Of a long text, a second thread hears the parser while the tree is built of what it said.

use std::{
    borrow::Cow,
    ops::Range,
    sync::mpsc::{SyncSender, sync_channel},
    thread,
};

use saphyr_parser::{Event, Marker, Parser, StrInput};

/// Something that the parser found, and its bytes.
pub(super) type Heard<'t> = (Event<'t>, Range<usize>);

/// Where a text is no YAML, and why.
pub(super) struct Broken {
    pub(super) at: usize,
    pub(super) because: String,
}

/// From how many bytes on a second thread is worth its while.
const LONG: usize = 64 * 1024;

/// How many pieces are handed over at once, and how many such heaps may wait.
const HEAP: usize = 512;
const HEAPS: usize = 8;

/// Gives all that a text says to `hear`, until that refuses; a text that is no YAML ends with where
/// it is none.
pub(super) fn each<'t, E>(
    text: &'t str,
    mut hear: impl FnMut(Result<Heard<'t>, Broken>) -> Result<(), E>,
) -> Result<(), E> {
    if text.len() < LONG {
        return Events::of(text).try_for_each(hear);
    }
    thread::scope(|scope| {
        let (sender, heaps) = sync_channel(HEAPS);
        let listener = thread::Builder::new().spawn_scoped(scope, move || hand_over(text, &sender));
        if listener.is_err() {
            // No thread can be had: it takes a little longer.
            return Events::of(text).try_for_each(hear);
        }
        heaps.into_iter().flatten().try_for_each(&mut hear)
    })
}

/// A heap of pieces.
type Heap<'t> = Vec<Result<Heard<'t>, Broken>>;

/// Hands over all that a text says, unless nobody hears it any more.
fn hand_over<'t>(text: &'t str, sender: &SyncSender<Heap<'t>>) {
    let mut events = Events::of(text);
    loop {
        let mut heap = Vec::with_capacity(HEAP);
        heap.extend(events.by_ref().take(HEAP));
        if heap.is_empty() || sender.send(heap).is_err() {
            return;
        }
    }
}

/// All that a text says; an error is the last of it.
struct Events<'t> {
    parser: Parser<'t, StrInput<'t>>,
    text: &'t str,
    places: Places,
    is_broken: bool,
}

impl<'t> Events<'t> {
    fn of(text: &'t str) -> Self {
        let marked = text.strip_prefix('\u{feff}').unwrap_or(text);
        let places = Places::new(marked, text.len() - marked.len());
        Self { parser: Parser::new_from_str(marked), text, places, is_broken: false }
    }

    /// The text without a copy of its own, where it stands in the file from `start` on just as it
    /// is meant: without quotes, or behind one.
    fn in_place(&self, text: Cow<'t, str>, start: usize) -> Cow<'t, str> {
        let file = self.text;
        let from = |start: usize| file.get(start..start + text.len()).filter(|it| *it == text);
        match from(start).or_else(|| from(start + 1)) {
            Some(there) => Cow::Borrowed(there),
            None => text,
        }
    }
}

impl<'t> Iterator for Events<'t> {
    type Item = Result<Heard<'t>, Broken>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_broken {
            return None;
        }
        Some(match self.parser.next()? {
            Ok((event, span)) => {
                let range = self.places.byte(span.start)..self.places.byte(span.end);
                let event = match event {
                    Event::Scalar(text, style, anchor, tag) => {
                        Event::Scalar(self.in_place(text, range.start), style, anchor, tag)
                    }
                    other => other,
                };
                Ok((event, range))
            }
            Err(error) => {
                self.is_broken = true;
                let at = self.places.byte(*error.marker());
                Err(Broken { at, because: error.info().to_owned() })
            }
        })
    }
}

/// From the parser's places, counted in characters, to bytes.
pub(in super::super) struct Places {
    /// The byte of each character, where characters and bytes are not the same.
    bytes: Option<Vec<usize>>,
    /// The bytes left out at the front.
    skipped: usize,
    /// The bytes of the text.
    length: usize,
}

impl Places {
    pub(in super::super) fn new(text: &str, skipped: usize) -> Self {
        let bytes = (!text.is_ascii()).then(|| text.char_indices().map(|(it, _)| it).collect());
        Self { bytes, skipped, length: text.len() }
    }

    pub(in super::super) fn byte(&self, marker: Marker) -> usize {
        let byte = match &self.bytes {
            Some(bytes) => bytes.get(marker.index()).copied().unwrap_or(self.length),
            None => marker.index().min(self.length),
        };
        byte + self.skipped
    }
}
