//! The forms that a target can be written in: a URL, a path, Go's, and libpq's keys and values.

use super::{Family, Host, Secret, Target, TargetError};

pub(super) fn without_slashes(rest: &str) -> &str {
    rest.strip_prefix("//").unwrap_or(rest)
}

pub(super) fn sqlite_path(rest: &str) -> Result<Target, TargetError> {
    let (path, query) = match rest.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (rest, None),
    };
    let path = without_slashes(path);
    let path = path.strip_prefix("localhost/").map_or(path.to_owned(), |it| format!("/{it}"));
    let mut target = Target::empty(Family::Sqlite);
    // A file may well have a `%` of its own in its name.
    let path = decoded(&path, "file").unwrap_or(path);
    target.database = Some(match path.strip_prefix('/') {
        Some(drive) if drive.get(1..2) == Some(":") => drive.to_owned(),
        _ => path,
    });
    query_of(&mut target, query)?;
    if target.parameter("mode") == Some("memory") {
        target.database = Some(":memory:".to_owned());
    }
    Ok(target)
}

/// `//user:password@host:port/database?parameters`
pub(super) fn authority_url(family: Family, rest: &str) -> Result<Target, TargetError> {
    let rest = without_slashes(rest);
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, after) = rest.split_at(end);
    // Whatever stands unencoded in a password ends the authority too early or adds an `@`: the
    // URL is then refused as a whole, since each guess would show a piece of the password.
    if after.contains(['@', '#']) || authority.matches('@').count() > 1 {
        return Err(TargetError::Unencoded);
    }
    let (credentials, hosts) = match authority.split_once('@') {
        Some((credentials, hosts)) => (Some(credentials), hosts),
        None => (None, authority),
    };
    let mut target = Target::empty(family);
    if let Some(credentials) = credentials {
        let (user, password) = match credentials.split_once(':') {
            Some((user, password)) => (user, Some(password)),
            None => (credentials, None),
        };
        target.user = Some(decoded(user, "user")?).filter(|it| !it.is_empty());
        target.password = password.map(|it| decoded(it, "password")).transpose()?.map(Secret::new);
    }
    for host in hosts.split(',').filter(|it| !it.is_empty()) {
        target.hosts.push(host_and_port(host)?);
    }
    let (path, query) = match after.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (after, None),
    };
    let database = decoded(path.strip_prefix('/').unwrap_or(path), "database")?;
    target.database = Some(database).filter(|it| !it.is_empty());
    query_of(&mut target, query)?;
    Ok(target)
}

fn query_of(target: &mut Target, query: Option<&str>) -> Result<(), TargetError> {
    let pairs = query.unwrap_or("").split('&').filter(|it| !it.is_empty());
    for pair in pairs {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        target.set_key(&decoded(name, "parameters")?, &decoded(value, "parameters")?)?;
    }
    Ok(())
}

/// `host`, `host:port`, `[::1]:port`, `%2Fvar%2Frun`
fn host_and_port(text: &str) -> Result<Host, TargetError> {
    let (name, rest) = match text.strip_prefix('[') {
        Some(bracketed) => bracketed.split_once(']').ok_or(TargetError::Unencoded)?,
        None => text.find(':').map_or((text, ""), |colon| text.split_at(colon)),
    };
    let port = match rest.strip_prefix(':') {
        Some(digits) => port(digits)?,
        None if rest.is_empty() => None,
        None => return Err(TargetError::Unencoded),
    };
    Ok(Host { name: decoded(name, "host")?, port })
}

pub(super) fn port(digits: &str) -> Result<Option<u16>, TargetError> {
    if digits.is_empty() {
        return Ok(None);
    }
    match digits.parse() {
        Ok(0) | Err(_) => Err(TargetError::BadPort),
        Ok(port) => Ok(Some(port)),
    }
}

/// `user:password@tcp(host:port)/database?parameters`, as Go's MySQL driver has it.
pub(super) fn is_go_dsn(text: &str) -> bool {
    ["tcp(", "unix("].iter().any(|it| text.starts_with(it) || text.contains(&format!("@{it}")))
        && text.contains(")/")
}

pub(super) fn go_dsn(text: &str) -> Result<Target, TargetError> {
    let mut target = Target::empty(Family::Mysql);
    // In this form user and password stand as they are, and the last `@` before the address ends
    // them ("DSN (Data Source Name)" in the driver's manual).
    let (before, after) = text.rsplit_once(")/").ok_or(TargetError::Unrecognised)?;
    let address = match (before.rfind("@tcp("), before.rfind("@unix(")) {
        (None, None) => before,
        (tcp, unix) => {
            let at = tcp.max(unix).unwrap_or(0);
            let (user, password) = match before[..at].split_once(':') {
                Some((user, password)) => (user, Some(password)),
                None => (&before[..at], None),
            };
            target.user = Some(user.to_owned()).filter(|it| !it.is_empty());
            target.password = password.map(Secret::new);
            &before[at + 1..]
        }
    };
    if let Some(socket) = address.strip_prefix("unix(") {
        target.set_parameter("socket", socket)?;
    } else if let Some(host) = address.strip_prefix("tcp(")
        && !host.is_empty()
    {
        target.hosts.push(host_and_port(host)?);
    }
    let (database, query) = match after.split_once('?') {
        Some((database, query)) => (database, Some(query)),
        None => (after, None),
    };
    target.database = Some(decoded(database, "database")?).filter(|it| !it.is_empty());
    query_of(&mut target, query)?;
    Ok(target)
}

/// `host=… user=… password='…'`, as libpq has it ("Keyword/Value Connection Strings").
pub(super) fn is_key_values(text: &str) -> bool {
    text.split_once('=').is_some_and(|(key, _)| {
        let key = key.trim_end();
        !key.is_empty() && key.chars().all(|it| it.is_ascii_lowercase() || it == '_')
    })
}

pub(super) fn key_values(text: &str) -> Result<Target, TargetError> {
    let mut target = Target::empty(Family::Postgres);
    let mut after_password = false;
    let mut port = None;
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let stranger = |name: &str| TargetError::UnknownParameter {
            name: (!after_password).then(|| name.to_owned()),
            family: Family::Postgres,
            meant: None,
        };
        let (key, value) = rest.split_once('=').ok_or_else(|| stranger(rest.trim()))?;
        let key = key.trim();
        let known = matches!(key, "host" | "port" | "user" | "password" | "dbname")
            || Family::Postgres.parameters().contains(&key);
        if !known && (after_password || key.contains(char::is_whitespace)) {
            return Err(stranger(key));
        }
        let (value, left) = key_value(value.trim_start()).ok_or(TargetError::Unrecognised)?;
        if key == "port" {
            port = Some(value);
        } else {
            target.set_key(key, &value)?;
        }
        after_password |= key == "password";
        rest = left.trim_start();
    }
    // The port may stand before the host.
    if let Some(port) = port {
        target.set_ports(&port)?;
    }
    Ok(target)
}

/// One value, in quotes or up to the next space, and what is left behind it.
fn key_value(text: &str) -> Option<(String, &str)> {
    let (quoted, body) = match text.strip_prefix('\'') {
        Some(body) => (true, body),
        None => (false, text),
    };
    let mut value = String::new();
    let mut letters = body.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => value.push(letters.next()?.1),
            '\'' if quoted => return Some((value, &body[at + 1..])),
            _ if !quoted && letter.is_whitespace() => return Some((value, &body[at..])),
            _ => value.push(letter),
        }
    }
    (!quoted).then_some((value, ""))
}

/// `text` with `%40` and its like made characters again.
fn decoded(text: &str, part: &'static str) -> Result<String, TargetError> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digit = |it: Option<u8>| it.and_then(|it| char::from(it).to_digit(16));
            let (Some(high), Some(low)) = (digit(rest.next()), digit(rest.next())) else {
                return Err(TargetError::BadEncoding { part });
            };
            bytes.extend(u8::try_from(high * 16 + low));
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).map_err(|_| TargetError::BadEncoding { part })
}
