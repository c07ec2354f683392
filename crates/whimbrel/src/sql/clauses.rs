//! The clauses of an `ALTER TABLE`, which has its effect as a whole or not at all: one clause that
//! can be seen tells of all of them.

use super::{classify::is_guarded, lexer::Token, looking::altered, words::Words};
use crate::{dialect::Look, schema::Name};

/// What all clauses come to.
#[derive(Default)]
pub(super) struct Together {
    /// How to tell that they have had their effect.
    pub looks: Vec<Look>,
    /// Whether a second run would leave everything as the first did.
    pub repeats: bool,
}

/// Reads the clauses behind `ALTER TABLE x`; how MySQL goes about it (`ALGORITHM`, `LOCK`) isn't
/// counted.
pub(super) fn read(words: &Words<'_>, table: &Name) -> Together {
    let clauses = split(words);
    let whole: Vec<Vec<Look>> =
        clauses.iter().map(|it| altered(&mut it.clone(), table).unwrap_or_default()).collect();
    if let [looks] = whole.as_slice()
        && !looks.is_empty()
    {
        return Together { looks: looks.clone(), repeats: false };
    }
    let repeats = !clauses.is_empty() && clauses.iter().all(|it| repeats(&mut it.clone()));
    if repeats {
        return Together { looks: Vec::new(), repeats };
    }
    // Behind another name the table's parts are not found under this one.
    let renames =
        |it: &&Words<'_>| it.next_are(&["RENAME", "TO"]) || it.next_are(&["RENAME", "AS"]);
    if clauses.iter().any(|it| renames(&it)) {
        let looks =
            clauses.iter().zip(&whole).find(|(it, _)| renames(it)).map(|(_, it)| it.clone());
        return Together { looks: looks.unwrap_or_default(), repeats };
    }
    // A column that goes and comes again is there before and after; one that comes only if it is
    // missing may be.
    let seen = clauses.iter().zip(whole);
    let seen = seen.filter(|(clause, _)| !is_guarded(clause.dialect, &text_of(clause)));
    let looks: Vec<Look> = seen.flat_map(|(_, looks)| looks).collect();
    let once = |it: &Look| looks.iter().filter(|other| other.object == it.object).count() == 1;
    Together { looks: looks.iter().filter(|it| once(it)).cloned().collect(), repeats }
}

fn text_of(clause: &Words<'_>) -> String {
    let words: Vec<&str> = clause.tokens.iter().map(|it| it.text(clause.source)).collect();
    words.join(" ")
}

fn split<'a>(words: &Words<'a>) -> Vec<Words<'a>> {
    let mut clauses: Vec<Vec<Token>> = vec![Vec::new()];
    let mut depth = 0_usize;
    for token in words.rest() {
        if token.is_symbol(words.source, '(') {
            depth += 1;
        } else if token.is_symbol(words.source, ')') {
            depth = depth.saturating_sub(1);
        }
        if depth == 0 && token.is_symbol(words.source, ',') {
            clauses.push(Vec::new());
        } else if let Some(clause) = clauses.last_mut() {
            clause.push(*token);
        }
    }
    clauses.retain(|clause| {
        let how = ["ALGORITHM", "LOCK"];
        !clause.first().is_some_and(|it| how.iter().any(|word| it.is_word(words.source, word)))
    });
    let clause = |tokens| Words { dialect: words.dialect, source: words.source, tokens, at: 0 };
    clauses.into_iter().map(clause).collect()
}

/// Options of a table whose second setting changes nothing. `AUTO_INCREMENT` is none of them: rows
/// may have been numbered meanwhile.
const OPTIONS: &[&str] = &[
    "AVG_ROW_LENGTH",
    "CHARACTER",
    "CHARSET",
    "CHECKSUM",
    "COLLATE",
    "COMMENT",
    "COMPRESSION",
    "CONVERT",
    "DEFAULT",
    "DELAY_KEY_WRITE",
    "DISABLE",
    "ENABLE",
    "ENCRYPTION",
    "ENGINE",
    "FORCE",
    "KEY_BLOCK_SIZE",
    "MAX_ROWS",
    "MIN_ROWS",
    "MODIFY",
    "ORDER",
    "PACK_KEYS",
    "ROW_FORMAT",
    "STATS_AUTO_RECALC",
    "STATS_PERSISTENT",
    "STATS_SAMPLE_PAGES",
];

/// Whether a clause says how something is to be, and not what is to be done.
fn repeats(clause: &mut Words<'_>) -> bool {
    // Options may stand side by side without commas.
    if clause.any("AUTO_INCREMENT") && !clause.next_are(&["MODIFY"]) {
        return false;
    }
    if clause.take(&["CHANGE"]) {
        clause.take(&["COLUMN"]);
        let names = (clause.identifier(), clause.identifier());
        return matches!(names, (Some(from), Some(to)) if from.eq_ignore_ascii_case(&to));
    }
    if clause.take(&["ALTER"]) {
        let says = ["SET", "DEFAULT", "VISIBLE", "INVISIBLE", "IGNORED", "ENFORCED"];
        let dropped = clause.any("DROP") && clause.any("DEFAULT");
        let acts = ["USING", "ADD", "RESTART", "TYPE"].iter().any(|it| clause.any(it));
        return !acts && (dropped || says.iter().any(|it| clause.any(it)));
    }
    // A key that comes with its column would come twice.
    let adds = clause.any("UNIQUE") || clause.any("PRIMARY");
    !adds && OPTIONS.iter().any(|it| clause.next_are(&[it]))
}
