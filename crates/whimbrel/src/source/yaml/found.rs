//! A live database as a schema file: what the file has no words for stands in comments above.

use super::print;
use crate::schema::Found;

/// Writes what was found as a schema file that reads back as its schema; everything else that was
/// found is listed in comments, with its definition. `from` says where it comes from.
pub fn print_found(found: &Found, from: &str) -> String {
    let mut text = String::new();
    comment(&mut text, "", &format!("Read from {from}."));
    if !found.opaque.is_empty() {
        text.push_str("#\n");
        comment(&mut text, "", "This database also has what a schema file has no words for:");
    }
    for opaque in &found.opaque {
        text.push_str("#\n");
        comment(&mut text, "  ", &opaque.to_string());
        comment(&mut text, "    ", opaque.definition.trim());
    }
    text.push('\n');
    text.push_str(&print::print(&found.schema));
    text
}

/// A line for each line of `text`; what would end a comment or garble a terminal is a space.
fn comment(out: &mut String, indent: &str, text: &str) {
    for line in text.lines() {
        let line: String = line
            .chars()
            .map(|it| {
                if it.is_control() || "\u{85}\u{2028}\u{2029}\u{feff}".contains(it) {
                    ' '
                } else {
                    it
                }
            })
            .collect();
        let line = format!("# {indent}{line}");
        out.push_str(line.trim_end());
        out.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        diagnostic::SourceFile,
        schema::{Name, Opaque, Schema},
        source::yaml,
    };

    #[test]
    fn whatever_a_definition_holds_stays_a_comment() {
        let evil = "a\nb\r\nc\rtables: x\u{2028}tables: y\u{85}z\u{0}\u{1b}[31m\ttables: z\n\n  d";
        let opaque = vec![
            Opaque::new("view", Name::new("v\ntables: []"), evil),
            Opaque::of_table("check constraint", &Name::new("t"), "", "CHECK (1)"),
        ];
        let found = Found::new(Schema::default(), opaque);
        let text = print_found(&found, "SQLite · a\nb");
        let (read, diagnostics) = yaml::read(&vec![SourceFile::new("x.yaml", text.clone())].into());
        assert_eq!(diagnostics, [], "{text}");
        assert_eq!(read.schema, found.schema, "{text}");
        assert!(text.contains("#   check constraint of `t`\n#     CHECK (1)\n"), "{text}");
        assert!(!text.contains('\u{1b}'));
    }
}
