//! A target as a URL again.

use std::fmt::{self, Write as _};

use super::{Family, Host, Secret, Target};

impl Target {
    /// The URL with the password in it, for handing to another program.
    pub fn reveal(&self) -> Secret {
        let password = self.password.as_ref().map_or("", Secret::reveal);
        Secret::new(self.url(&encoded(password)))
    }

    fn url(&self, password: &str) -> String {
        let database = self.database.as_deref().unwrap_or("");
        let mut out = String::new();
        if self.family == Family::Sqlite {
            out.push_str("sqlite:");
            out.push_str(&database.replace('%', "%25").replace('?', "%3F"));
        } else {
            out.push_str(self.family.scheme());
            out.push_str("://");
            out.push_str(&encoded(self.user.as_deref().unwrap_or("")));
            if self.password.is_some() {
                out.push(':');
                out.push_str(password);
            }
            if self.user.is_some() || self.password.is_some() {
                out.push('@');
            }
            out.push_str(&self.addresses());
            if !database.is_empty() {
                out.push('/');
                out.push_str(&encoded(database));
            }
        }
        for (at, (name, value)) in self.parameters.iter().enumerate() {
            out.push(if at == 0 { '?' } else { '&' });
            out.push_str(name);
            out.push('=');
            out.push_str(&encoded(value));
        }
        out
    }

    /// `host:port`, with commas between several.
    pub(crate) fn addresses(&self) -> String {
        let address = |host: &Host| {
            let name = if host.name.contains(':') {
                format!("[{}]", host.name)
            } else {
                encoded(&host.name)
            };
            match host.port {
                Some(port) => format!("{name}:{port}"),
                None => name,
            }
        };
        self.hosts.iter().map(address).collect::<Vec<_>>().join(",")
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.url("***"))
    }
}

/// `text` with everything encoded that might mean something else in a URL.
fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a `String` can't fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}
