//! Taking secrets out of texts that people get to see: URLs, and the lines of a configuration.

/// What stands where a secret stood.
pub const MASK: &str = "***";

/// The words that say "what follows is secret" in the parameters of a URL or DSN.
const SECRET_PARAMETERS: &[&str] =
    &["password", "passwd", "pwd", "sslpassword", "token", "authtoken", "secret", "apikey"];

/// `url` without its password: `postgres://app:***@db/orders`.
///
/// It never trusts the text to be a good URL: a password may hold `@`, `:`, `/` or `#` unescaped,
/// so everything up to the *last* `@` counts as credentials.
pub fn masked_url(url: &str) -> String {
    let mut masked = String::with_capacity(url.len());
    let mut from = 0;
    for range in secrets_of_url(url) {
        masked.push_str(&url[from..range.start]);
        masked.push_str(MASK);
        from = range.end;
    }
    masked.push_str(&url[from..]);
    masked
}

/// Where the secrets of a URL or DSN stand, in order, without overlap.
pub(super) fn secrets_of_url(url: &str) -> Vec<std::ops::Range<usize>> {
    let mut secrets = Vec::new();
    let credentials = url.find("://").map_or(0, |it| it + 3);
    if let Some(at) = url[credentials..].rfind('@').map(|it| it + credentials)
        && let Some(colon) = url[credentials..at].find(':').map(|it| it + credentials)
    {
        secrets.push(colon + 1..at);
    }
    for name in SECRET_PARAMETERS {
        // An `@` may stand in a parameter's value too, so no part of the text is left out.
        secrets.extend(values_of(url, credentials, name));
    }
    secrets.sort_by_key(|it| it.start);
    merged(secrets)
}

/// The same stretches, those that overlap made one.
fn merged(ranges: Vec<std::ops::Range<usize>>) -> Vec<std::ops::Range<usize>> {
    let mut merged: Vec<std::ops::Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match merged.last_mut() {
            Some(last) if range.start < last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

/// Where `name=value` says its value, from the byte at `from`.
fn values_of(text: &str, from: usize, name: &str) -> Vec<std::ops::Range<usize>> {
    let lowered = text.to_ascii_lowercase();
    let mut found = Vec::new();
    let mut at = from;
    while let Some(start) = lowered[at..].find(name).map(|it| it + at) {
        at = start + name.len();
        let spaces = text[at..].len() - text[at..].trim_start().len();
        if !text[at + spaces..].starts_with('=') {
            continue;
        }
        let after = at + spaces + 1;
        let value = after + (text[after..].len() - text[after..].trim_start().len());
        let end = value_end(text, value);
        if end > value {
            found.push(value..end);
        }
        at = end;
    }
    found
}

/// Where a parameter's value ends: at the closing quote, or before `&`, `;` or a space.
fn value_end(text: &str, start: usize) -> usize {
    let rest = &text[start..];
    if let Some(quoted) = rest.strip_prefix('\'') {
        let mut escaped = false;
        for (offset, letter) in quoted.char_indices() {
            match letter {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '\'' => return start + 1 + offset + 1,
                _ => {}
            }
        }
        return text.len();
    }
    rest.find(|it: char| matches!(it, '&' | ';') || it.is_whitespace())
        .map_or(text.len(), |it| start + it)
}

/// A configuration's text with every secret starred out, byte for byte as long as it was, so
/// that places in the one are places in the other.
///
/// A line is shown only if what it says is known to be harmless: `may_show` is asked for the
/// word before `=` or `:`.
pub(super) fn starred(text: &str, may_show: impl Fn(&str) -> bool) -> String {
    text.split_inclusive('\n').map(|line| starred_line(line, &may_show)).collect()
}

fn starred_line(line: &str, may_show: &impl Fn(&str) -> bool) -> String {
    let content = line.trim_start_matches([' ', '\t', '#']);
    let opening = line.len() - content.len();
    let is_header = content.starts_with('[')
        && content.trim_end().ends_with(']')
        && !content.contains(['=', '"', '\'', '@']);
    if content.trim().is_empty() || is_header {
        return line.to_owned();
    }
    let is_prose = line.trim_start().starts_with('#')
        && !content.contains(['=', '@', '"', '\''])
        && !content.contains("://");
    if is_prose {
        return line.to_owned();
    }
    let Some(sign) = content.find(['=', ':']) else {
        return star(line, 0..line.len());
    };
    let word = content[..sign].trim().trim_matches('"');
    if may_show(word) {
        return line.to_owned();
    }
    let value = opening + sign + 1;
    if matches!(word, "url" | "default_url") {
        let mut shown = line.to_owned();
        for range in secrets_of_url(&line[value..]) {
            shown = star(&shown, value + range.start..value + range.end);
        }
        return shown;
    }
    star(line, value..line.len())
}

/// `line` with stars for the visible bytes of `range`.
fn star(line: &str, range: std::ops::Range<usize>) -> String {
    let mut starred = String::with_capacity(line.len());
    for (offset, letter) in line.char_indices() {
        if range.contains(&offset) && !letter.is_whitespace() && !matches!(letter, '"' | '\'') {
            starred.extend(std::iter::repeat_n('*', letter.len_utf8()));
        } else {
            starred.push(letter);
        }
    }
    starred
}

#[cfg(test)]
mod tests {
    use super::{masked_url, starred};

    #[test]
    fn a_password_is_masked_whatever_it_is_made_of() {
        for (url, masked) in [
            ("postgres://app:p@ss:w/o#r%d@db:5432/orders", "postgres://app:***@db:5432/orders"),
            ("postgres://app@db/orders", "postgres://app@db/orders"),
            ("app:p@:/#%@tcp(db:3306)/orders", "app:***@tcp(db:3306)/orders"),
            ("host=db password='a@b:c' user=me", "host=db password=*** user=me"),
            ("host=db user=a:b password=c@d;e=f", "host=db user=a:***;e=f"),
            (
                "postgres://db/o?user=a&password=x&sslmode=off",
                "postgres://db/o?user=a&password=***&sslmode=off",
            ),
            ("host=db password = 'a b\\'c' user=app", "host=db password = *** user=app"),
            ("sqlite:shop.sqlite", "sqlite:shop.sqlite"),
            ("libsql://shop.io?authToken=abc", "libsql://shop.io?authToken=***"),
        ] {
            assert_eq!(masked_url(url), masked);
        }
    }

    #[test]
    fn a_shown_line_keeps_its_length_and_loses_its_secret() {
        let text = "schema = \"a.yaml\"\nurl = \"postgres://a:söcret@db/o\"\n# passwrod = \"söcret\"\n\
                    password = \"\"\"\nsöcret\"\"\"\n[env.prod]\nx = { password = 'söcret' }\n";
        let shown = starred(text, |word| word == "schema");
        assert_eq!(shown.len(), text.len());
        assert!(!shown.contains("cret"), "{shown}");
        assert!(shown.contains("a.yaml") && shown.contains("[env.prod]"), "{shown}");
        assert!(shown.contains("url = \"postgres://a:*******@db/o\""), "{shown}");
    }
}
