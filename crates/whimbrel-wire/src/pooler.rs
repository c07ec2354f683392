//! Whether something between us and a PostgreSQL gives each transaction another session.
//!
//! A server says at the start which process serves us, for cancelling; a pooler makes a number up
//! there. So a pooler is noticed at once, whatever it is called. Whether it hands out sessions for
//! a whole connection or for a transaction only, a second connection finds out: as long as the
//! first one is idle, a pooler of transactions gives its session away.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;
use std::{future, io};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_postgres::tls::{ChannelBinding, TlsConnect, TlsStream};
use tokio_postgres::{CancelToken, Client, Config, SimpleQueryMessage};

use crate::postgres::Encryption;

/// How long the second connection may wait for a session while ours is idle. A pooler of
/// transactions has one to give: ours.
const PATIENCE: Duration = Duration::from_secs(3);

/// Whether our sessions are ours for a transaction only, behind a pooler.
pub(crate) async fn shares_sessions(
    client: &Client,
    config: &Config,
    encryption: Encryption,
) -> bool {
    // In a crowd another client may have our session just when the second asks, and give it back
    // before we do; not every time, though.
    const ROUNDS: usize = 12;
    let probe = async {
        let (second, connection) = config.connect(encryption).await?;
        let connection = tokio::spawn(connection);
        let mut shares = false;
        let ours = pid(client).await?;
        for _ in 0..ROUNDS {
            shares = pid(&second).await? == ours || pid(client).await? != ours;
            if shares {
                break;
            }
        }
        drop(second);
        let _ = connection.await;
        Ok::<_, tokio_postgres::Error>(shares)
    };
    match tokio::time::timeout(PATIENCE, probe).await {
        Ok(Ok(shares)) => shares,
        // Without an answer the careful way is the one that works behind every pooler.
        Ok(Err(_)) => true,
        // There is no second session as long as we have the first.
        Err(_) => false,
    }
}

async fn pid(client: &Client) -> Result<Option<String>, tokio_postgres::Error> {
    let messages = client.simple_query("SELECT pg_catalog.pg_backend_pid()").await?;
    Ok(messages.iter().find_map(|it| match it {
        SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
        _ => None,
    }))
}

/// The number of the process that serves us, as the server said at the start.
///
/// The client keeps it to itself, but for the request to cancel a statement, which it writes into
/// whatever it is given ("`CancelRequest`" in the manual's "Message Formats": the length, a code,
/// the process, the secret).
pub(crate) async fn process(token: &CancelToken) -> Option<i32> {
    let written = Arc::new(Mutex::new(Vec::new()));
    token.cancel_query_raw(Paper(Arc::clone(&written)), Unencrypted).await.ok()?;
    let written = written.lock().unwrap_or_else(PoisonError::into_inner);
    let request = written.last_chunk::<16>()?;
    Some(i32::from_be_bytes([request[8], request[9], request[10], request[11]]))
}

/// Keeps what is written, and agrees to whatever is asked.
struct Paper(Arc<Mutex<Vec<u8>>>);

impl AsyncRead for Paper {
    fn poll_read(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if buffer.remaining() > 0 {
            // "Yes, let us encrypt."
            buffer.put_slice(b"S");
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Paper {
    fn poll_write(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

impl TlsStream for Paper {
    fn channel_binding(&self) -> ChannelBinding {
        ChannelBinding::none()
    }
}

/// "Encrypts" by leaving everything as it is: nothing leaves this process.
struct Unencrypted;

impl TlsConnect<Paper> for Unencrypted {
    type Stream = Paper;
    type Error = io::Error;
    type Future = future::Ready<io::Result<Paper>>;

    fn connect(self, stream: Paper) -> Self::Future {
        future::ready(Ok(stream))
    }
}
