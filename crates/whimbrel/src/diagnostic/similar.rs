//! "Did you mean": the nearest of the words that would have been right.

/// The nearest of `candidates` to `word`, if one is near enough to be meant.
///
/// Near enough is a third of the word's length in edits, and at least one; letters in another
/// case, `-` and `_` cost nothing. Of equally near ones the first in order wins.
pub fn did_you_mean<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let wanted = folded(word);
    // Any letter is one edit away from any other.
    let most = (wanted.len() / 3).max(1).min(wanted.len().saturating_sub(1));
    candidates
        .into_iter()
        .map(|it| (distance(&wanted, &folded(it)), it))
        .filter(|(edits, _)| *edits <= most)
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, it)| it)
}

/// The number of letters to add, drop, replace or swap with their neighbour to make one word of
/// the other; letters in another case, `-` and `_` cost nothing.
pub fn edits(one: &str, other: &str) -> usize {
    distance(&folded(one), &folded(other))
}

fn folded(word: &str) -> Vec<char> {
    word.chars().flat_map(char::to_lowercase).map(|it| if it == '-' { '_' } else { it }).collect()
}

/// The number of letters to add, drop, replace or swap with their neighbour.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for (i, row) in rows.iter_mut().enumerate() {
        row[0] = i;
    }
    rows[0] = (0..=b.len()).collect();
    for i in 1..=a.len() {
        for j in 1..=b.len() {
            let replaced = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = replaced.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            rows[i][j] = best;
        }
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::did_you_mean;

    #[test]
    fn a_slip_is_recognised_and_a_stranger_is_not() {
        let words = ["primary_key", "nullable", "foreign_key", "length"];
        assert_eq!(did_you_mean("primry_key", words), Some("primary_key"));
        assert_eq!(did_you_mean("nulable", words), Some("nullable"));
        assert_eq!(did_you_mean("lenght", words), Some("length"));
        assert_eq!(did_you_mean("Foreign-Key", words), Some("foreign_key"));
        assert_eq!(did_you_mean("colour", words), None);
        assert_eq!(did_you_mean("x", []), None);
    }
}
