//! Ports of this machine: finding a free one, and asking what listens there for its version.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::process::{Guarded, last_words};

/// How long an engine may take from its start to its first answer, on a busy machine.
const STARTING: Duration = Duration::from_mins(2);

/// A port on which nothing listens now.
pub(crate) fn free() -> Result<u16, String> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .and_then(|listener| listener.local_addr())
        .map(|address| address.port())
        .map_err(|error| format!("could not find a free port: {error}"))
}

/// A question about the version, in the words of some protocol.
pub(crate) type Ask = fn(&mut TcpStream) -> io::Result<Option<String>>;

/// Waits until the engine on `port` tells its version; fails when its program ends before.
pub(crate) fn version(
    port: u16,
    ask: Ask,
    program: &mut Guarded,
    log: &std::path::Path,
) -> Result<String, String> {
    let start = Instant::now();
    while start.elapsed() < STARTING {
        if let Some(status) = program.ended()? {
            return Err(format!("it stopped at once ({status}): {}", last_words(log)));
        }
        if let Ok(Some(version)) = connect(port).and_then(|mut stream| ask(&mut stream)) {
            return Ok(version);
        }
        sleep(Duration::from_millis(50));
    }
    Err(format!("it did not answer within {} s: {}", STARTING.as_secs(), last_words(log)))
}

fn connect(port: u16) -> io::Result<TcpStream> {
    const PATIENCE: Duration = Duration::from_secs(5);
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    Ok(stream)
}

/// Logs in as `postgres`, and reads `server_version` among the parameters the server reports.
///
/// PostgreSQL's manual, "Message Formats": a startup message has no kind, all others have one byte
/// for it; the length that follows counts itself.
pub(crate) fn ask_postgres(stream: &mut TcpStream) -> io::Result<Option<String>> {
    const PROTOCOL_3_0: i32 = 196_608;
    let mut startup = PROTOCOL_3_0.to_be_bytes().to_vec();
    startup.extend(b"user\0postgres\0database\0postgres\0\0");
    let length = i32::try_from(startup.len() + 4).unwrap_or(i32::MAX);
    stream.write_all(&length.to_be_bytes())?;
    stream.write_all(&startup)?;

    let mut version = None;
    loop {
        let mut head = [0; 5];
        stream.read_exact(&mut head)?;
        let [kind, length @ ..] = head;
        let length = usize::try_from(i32::from_be_bytes(length)).unwrap_or(0);
        let mut body = vec![0; length.saturating_sub(4).min(1 << 20)];
        stream.read_exact(&mut body)?;
        match kind {
            b'S' => {
                let mut texts = body.split(|byte| *byte == 0).map(String::from_utf8_lossy);
                if texts.next().as_deref() == Some("server_version") {
                    version = texts.next().map(std::borrow::Cow::into_owned);
                }
            }
            // ReadyForQuery: the server takes statements from now on.
            b'Z' => {
                let _ = stream.write_all(&[b'X', 0, 0, 0, 4]);
                return Ok(version);
            }
            b'E' => return Ok(None),
            _ => {}
        }
    }
}

/// Reads the greeting, which tells the version.
///
/// MySQL's internals, `Protocol::HandshakeV10`: three bytes of length, one of sequence, the
/// protocol's version, and the server's version up to a zero.
pub(crate) fn ask_mysql(stream: &mut TcpStream) -> io::Result<Option<String>> {
    let mut head = [0; 4];
    stream.read_exact(&mut head)?;
    let mut body = vec![0; usize::from(head[0]) | usize::from(head[1]) << 8];
    stream.read_exact(&mut body)?;
    let Some((10, rest)) = body.split_first() else { return Ok(None) };
    let text = rest.split(|byte| *byte == 0).next().unwrap_or_default();
    let text = String::from_utf8_lossy(text).into_owned();
    // MariaDB says "5.5.5-" before its own version, for the sake of old replicas.
    Ok(Some(text.strip_prefix("5.5.5-").map_or(text.clone(), str::to_owned)))
}
