//! Where one answer of a server ends and the next begins.

use super::Protocol;

/// Counts the answers to calls.
#[derive(Debug)]
pub(super) struct Answers {
    protocol: Protocol,
    complete: usize,
    logged_in: bool,
    at: At,
}

/// Where in an answer of MySQL's the next packet stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    Start,
    /// So many definitions of columns are still to come.
    Columns(u64),
    /// What may close the definitions, or be the first row.
    Behind,
    Rows,
}

const OK: u8 = 0x00;
const ERR: u8 = 0xff;
const EOF: u8 = 0xfe;
/// `SERVER_MORE_RESULTS_EXISTS`
const MORE: u16 = 0x0008;

impl Answers {
    pub(super) fn new(protocol: Protocol) -> Self {
        Self { protocol, complete: 0, logged_in: false, at: At::Start }
    }

    /// How many calls were answered to the end.
    pub(super) fn complete(&self) -> usize {
        self.complete
    }

    pub(super) fn logged_in(&self) -> bool {
        self.logged_in
    }

    /// Takes the next frame in; tells whether it ends the answer to a call.
    pub(super) fn hear(&mut self, frame: &[u8], asked: bool) -> bool {
        let ends = match self.protocol {
            Protocol::Postgres => {
                let ready = frame[0] == b'Z';
                let ends = ready && self.logged_in;
                self.logged_in |= ready;
                ends
            }
            Protocol::Mysql => {
                self.logged_in |= asked;
                self.logged_in && self.packet(&frame[4..])
            }
        };
        self.complete += usize::from(ends);
        ends
    }

    /// MySQL's internals, "Text Resultset": an OK, an error, or columns and rows; a status flag
    /// says whether another result follows.
    fn packet(&mut self, body: &[u8]) -> bool {
        let first = body.first().copied().unwrap_or(OK);
        // With or without `CLIENT_DEPRECATE_EOF`, what ends the rows begins with 0xfe; a row may
        // only where its first value is longer than a packet.
        let closes = first == EOF && body.len() < 0x00ff_ffff;
        let (next, ends) = match (self.at, first) {
            (_, ERR) => (At::Start, true),
            (At::Start, OK) => (At::Start, status(body) & MORE == 0),
            (At::Start, EOF) => (At::Start, true),
            (At::Start, _) => (At::Columns(number(body).0), false),
            (At::Columns(left), _) if left > 1 => (At::Columns(left - 1), false),
            (At::Columns(_), _) => (At::Behind, false),
            // An old EOF has five bytes and stands between columns and rows; the OK that took its
            // place has seven at least and only stands behind the rows.
            (At::Behind, EOF) if body.len() == 5 => (At::Rows, false),
            (At::Behind | At::Rows, EOF) if closes => (At::Start, status(body) & MORE == 0),
            (At::Behind | At::Rows, _) => (At::Rows, false),
        };
        self.at = next;
        ends
    }
}

/// The status flags of an OK or an EOF packet.
fn status(body: &[u8]) -> u16 {
    let at = |position: usize| {
        let byte = |it: usize| body.get(it).copied().unwrap_or(0);
        u16::from_le_bytes([byte(position), byte(position + 1)])
    };
    if body.first() == Some(&EOF) && body.len() == 5 {
        return at(3);
    }
    let (_, changed) = number(&body[1..]);
    let (_, last) = number(body.get(1 + changed..).unwrap_or_default());
    at(1 + changed + last)
}

/// A length-encoded number, and how many bytes it takes.
fn number(body: &[u8]) -> (u64, usize) {
    let size = match body.first() {
        None => return (0, 0),
        Some(0xfc) => 2,
        Some(0xfd) => 3,
        Some(0xfe) => 8,
        Some(small) => return (u64::from(*small), 1),
    };
    let mut value = [0; 8];
    for (to, from) in value.iter_mut().zip(body.iter().skip(1).take(size)) {
        *to = *from;
    }
    (u64::from_le_bytes(value), size + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mysql(bodies: &[&[u8]]) -> Vec<bool> {
        let mut answers = Answers::new(Protocol::Mysql);
        let frame = |body: &[u8]| [&[0, 0, 0, 1], body].concat();
        bodies.iter().map(|body| answers.hear(&frame(body), true)).collect()
    }

    #[test]
    fn an_ok_an_error_and_rows_each_end_an_answer() {
        assert_eq!(mysql(&[&[OK, 1, 0, 2, 0, 0, 0]]), [true]);
        assert_eq!(mysql(&[&[OK, 1, 0, 10, 0, 0, 0], &[ERR, 1, 2]]), [false, true]);
        // A column, the old EOF, a row, the old EOF.
        let old: &[&[u8]] = &[&[1], b"\x03def", &[EOF, 0, 0, 2, 0], b"\x011", &[EOF, 0, 0, 2, 0]];
        assert_eq!(mysql(old), [false, false, false, false, true]);
        // A column, a row, the OK that took the EOF's place.
        let new: &[&[u8]] = &[&[1], b"\x03def", b"\x011", &[EOF, 0, 0, 2, 0, 0, 0]];
        assert_eq!(mysql(new), [false, false, false, true]);
        // No row at all.
        let none: &[&[u8]] = &[&[1], b"\x03def", &[EOF, 0, 0, 2, 0, 0, 0]];
        assert_eq!(mysql(none), [false, false, true]);
    }

    #[test]
    fn postgres_is_ready_once_after_the_login_and_once_after_each_call() {
        let mut answers = Answers::new(Protocol::Postgres);
        let mut hear = |kind: u8| answers.hear(&[kind, 0, 0, 0, 4], false);
        assert_eq!(
            [b'R', b'S', b'Z', b'C', b'Z'].map(&mut hear),
            [false, false, false, false, true]
        );
    }
}
