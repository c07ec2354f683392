//! `ENUM('new','paid')`: the type of a column with all its values in it.

use super::{MYSQL, Unsupported};

/// The type with these values.
pub(super) fn type_name(values: &[String]) -> Result<String, Unsupported> {
    for (at, value) in values.iter().enumerate() {
        let refused =
            |because: String| Err(Unsupported::new(format!("the enum value `{value}`"), because));
        if value.ends_with(' ') {
            return refused("spaces at the end of a value are cut off here".to_owned());
        }
        // Manual, "The ENUM Type".
        if value.chars().count() > LONGEST {
            return refused(format!("a value has at most {LONGEST} characters here"));
        }
        let twin = values[..at].iter().find(|it| it.to_lowercase() == value.to_lowercase());
        if let Some(twin) = twin {
            return refused(format!("it counts as the same as `{twin}` here"));
        }
    }
    let values: Vec<String> = values.iter().map(|it| MYSQL.literal(it)).collect();
    Ok(format!("ENUM({})", values.join(",")))
}

const LONGEST: usize = 255;

/// The values of such a type, as a definition or the catalog writes it; `None` for any other type.
pub(super) fn values(text: &str) -> Option<Vec<String>> {
    let text = text.trim();
    let word = text.get(.."enum".len()).filter(|it| it.eq_ignore_ascii_case("enum"))?;
    let list = text[word.len()..].trim_start().strip_prefix('(')?.strip_suffix(')')?;
    let mut values = Vec::new();
    let mut rest = list.trim_start();
    loop {
        let (value, behind) = literal(rest)?;
        values.push(value);
        rest = behind.trim_start();
        if rest.is_empty() {
            return Some(values);
        }
        rest = rest.strip_prefix(',')?.trim_start();
    }
}

/// The value of the string that a text begins with, and what stands behind it.
fn literal(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut letters = text.strip_prefix('\'')?.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\'' => match letters.clone().next() {
                Some((_, '\'')) => {
                    letters.next();
                    value.push('\'');
                }
                _ => return Some((value, &text[at + 2..])),
            },
            // Manual, "String Literals".
            '\\' => match letters.next()?.1 {
                'n' => value.push('\n'),
                'r' => value.push('\r'),
                't' => value.push('\t'),
                'b' => value.push('\u{8}'),
                'Z' => value.push('\u{1a}'),
                '0' => value.push('\0'),
                other => value.push(other),
            },
            other => value.push(other),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_back_as_they_were() {
        let listed = |values: &[&str]| values.iter().map(|it| (*it).to_owned()).collect();
        for all in [
            listed(&["new", "paid"]),
            listed(&["it's", "a,b", "back\\slash", "(", "\"", "", "über"]),
        ] {
            let all: Vec<String> = all;
            let text = type_name(&all).expect("it is one");
            assert_eq!(values(&text), Some(all), "{text}");
        }
        assert_eq!(values("enum ( 'a' , 'b' )"), Some(listed(&["a", "b"])));
        for other in ["enum", "enum()", "varchar(20)", "enum('a', b)", "enum('a'", "set('a')"] {
            assert_eq!(values(other), None, "{other}");
        }
        assert!(type_name(&listed(&["a", "A"])).is_err() && type_name(&listed(&["a "])).is_err());
    }
}
