//! Between a client and its server: counts what the client asks, and holds a connection at an
//! exact question, so that a test can kill the client, the connection or the server there.
//!
//! A *call* is what the server answers as one: PostgreSQL's `Query`, MySQL's `COM_QUERY` and its
//! like. Logging in is none. The connection must not be encrypted (`sslmode=disable`).

use std::{
    io::{self, Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        mpsc::{self, Receiver, Sender},
    },
    thread,
};

use crate::simulator::{Death, Side};

mod answers;

use answers::Answers;

/// How client and server speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// PostgreSQL's, version 3.
    Postgres,
    /// MySQL's and MariaDB's.
    Mysql,
}

/// A port of this machine behind which a server stands.
#[derive(Debug)]
pub struct Proxy {
    port: u16,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    protocol: Protocol,
    server: (String, u16),
    state: Mutex<State>,
    /// Told when connections are cut.
    cut: Condvar,
}

#[derive(Debug, Default)]
struct State {
    calls: usize,
    death: Option<Death>,
    reached: Option<Sender<()>>,
    /// Both ends of every connection since the last cut.
    streams: Vec<TcpStream>,
    /// How often connections were cut.
    cuts: usize,
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells the test that the moment has come, and waits until it has cut the connections.
    fn hold(&self) {
        let mut state = self.state();
        let cuts = state.cuts;
        if let Some(reached) = state.reached.take() {
            let _ = reached.send(());
        }
        while state.cuts == cuts {
            state = self.cut.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Proxy {
    /// Listens, and passes everything on to the server at `host` and `port`.
    pub fn new(protocol: Protocol, host: &str, port: u16) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let own = listener.local_addr()?.port();
        let shared = Arc::new(Shared {
            protocol,
            server: (host.to_owned(), port),
            state: Mutex::default(),
            cut: Condvar::new(),
        });
        let kept = Arc::clone(&shared);
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                // A server that can't be reached looks like one that hangs up.
                let _ = serve(&kept, client);
            }
        });
        Ok(Self { port: own, shared })
    }

    /// The port it listens on, on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Counts from 0 again and, where there is a `death`, holds the connection there: before the
    /// call has reached the server, or after the server has answered and before anybody heard.
    /// Then the receiver hears of it, and nothing moves until [`Self::cut`].
    pub fn arm(&self, death: Option<Death>) -> Receiver<()> {
        let (tell, told) = mpsc::channel();
        let mut state = self.shared.state();
        state.calls = 0;
        state.death = death;
        state.reached = Some(tell);
        told
    }

    /// How many calls there were.
    pub fn calls(&self) -> usize {
        self.shared.state().calls
    }

    /// Cuts every connection, without a word to either side.
    pub fn cut(&self) {
        let mut state = self.shared.state();
        state.cuts += 1;
        state.death = None;
        for stream in state.streams.drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
        drop(state);
        self.shared.cut.notify_all();
    }
}

/// One connection: what both of its threads know.
#[derive(Debug, Default)]
struct Talk {
    /// The call whose answer nobody is to hear, counted from 0 within this connection.
    muted: Option<usize>,
    /// How many calls this connection has seen.
    asked: usize,
}

fn serve(shared: &Arc<Shared>, client: TcpStream) -> io::Result<()> {
    let server = TcpStream::connect((shared.server.0.as_str(), shared.server.1))?;
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    shared.state().streams.extend([client.try_clone()?, server.try_clone()?]);
    let talk = Arc::new(Mutex::new(Talk::default()));
    let (kept, heard) = (Arc::clone(shared), Arc::clone(&talk));
    let (from_client, to_server) = (client.try_clone()?, server.try_clone()?);
    thread::spawn(move || {
        let _ = questions(&kept, &talk, &from_client, &to_server);
        let _ = (from_client.shutdown(Shutdown::Both), to_server.shutdown(Shutdown::Both));
    });
    let kept = Arc::clone(shared);
    thread::spawn(move || {
        let _ = replies(&kept, &heard, &server, &client);
        let _ = (client.shutdown(Shutdown::Both), server.shutdown(Shutdown::Both));
    });
    Ok(())
}

fn questions(
    shared: &Shared,
    talk: &Mutex<Talk>,
    mut client: &TcpStream,
    mut server: &TcpStream,
) -> io::Result<()> {
    let mut first = true;
    loop {
        let frame = match shared.protocol {
            Protocol::Postgres if first => read_startup(&mut client)?,
            Protocol::Postgres => read_postgres(&mut client)?,
            Protocol::Mysql => read_mysql(&mut client)?,
        };
        let is_call = match shared.protocol {
            Protocol::Postgres => !first && frame[0] == b'Q',
            // A command begins a new sequence; the last one of all, `COM_QUIT`, has no answer.
            Protocol::Mysql => frame[3] == 0 && frame.get(4) != Some(&1),
        };
        first = false;
        if is_call {
            let mut state = shared.state();
            let number = state.calls;
            state.calls += 1;
            let dies = state.death.filter(|it| it.call == number).map(|it| it.side);
            drop(state);
            let mut talk = talk.lock().unwrap_or_else(PoisonError::into_inner);
            let here = talk.asked;
            talk.asked += 1;
            match dies {
                None => {}
                Some(Side::Before) => {
                    drop(talk);
                    shared.hold();
                    return Ok(());
                }
                Some(Side::After | Side::Later) => talk.muted = Some(here),
            }
        }
        server.write_all(&frame)?;
    }
}

fn replies(
    shared: &Shared,
    talk: &Mutex<Talk>,
    mut server: &TcpStream,
    mut client: &TcpStream,
) -> io::Result<()> {
    let mut answers = Answers::new(shared.protocol);
    loop {
        let frame = match shared.protocol {
            Protocol::Postgres => read_postgres(&mut server)?,
            Protocol::Mysql => read_mysql(&mut server)?,
        };
        let (muted, asked) = {
            let talk = talk.lock().unwrap_or_else(PoisonError::into_inner);
            (talk.muted, talk.asked)
        };
        let of = answers.complete();
        // Before the first call it is the login that is answered.
        let ends = answers.hear(&frame, asked > 0);
        if muted == Some(of) && answers.logged_in() {
            if ends {
                shared.hold();
                return Ok(());
            }
            continue;
        }
        client.write_all(&frame)?;
    }
}

fn read_startup(stream: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut frame = vec![0; 4];
    stream.read_exact(&mut frame)?;
    let length = u32::from_be_bytes([frame[0], frame[1], frame[2], frame[3]]) as usize;
    frame.resize(length.max(4), 0);
    stream.read_exact(&mut frame[4..])?;
    Ok(frame)
}

fn read_postgres(stream: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut frame = vec![0; 5];
    stream.read_exact(&mut frame)?;
    let length = u32::from_be_bytes([frame[1], frame[2], frame[3], frame[4]]) as usize;
    frame.resize(length.max(4) + 1, 0);
    stream.read_exact(&mut frame[5..])?;
    Ok(frame)
}

fn read_mysql(stream: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut frame = vec![0; 4];
    stream.read_exact(&mut frame)?;
    let length = u32::from_le_bytes([frame[0], frame[1], frame[2], 0]) as usize;
    frame.resize(length + 4, 0);
    stream.read_exact(&mut frame[4..])?;
    Ok(frame)
}
