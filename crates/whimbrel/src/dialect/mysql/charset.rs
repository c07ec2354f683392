//! The sets of characters of MySQL and MariaDB.

/// The collation of a set where none is named. That of `utf8mb4` is whimbrel's own choice, as servers
/// differ; the others are those of the manual, "Supported Character Sets and Collations".
pub(super) fn usual_collation(charset: &str) -> String {
    let rest = match charset {
        "binary" => return charset.to_owned(),
        "utf8mb4" => "unicode_ci",
        "latin1" | "dec8" | "swe7" => "swedish_ci",
        "hp8" => "english_ci",
        "big5" | "gb2312" | "gbk" | "gb18030" => "chinese_ci",
        "latin5" => "turkish_ci",
        "cp932" | "eucjpms" | "sjis" | "ujis" => "japanese_ci",
        "euckr" => "korean_ci",
        "tis620" => "thai_ci",
        _ => "general_ci",
    };
    format!("{charset}_{rest}")
}

/// The set of a collation, which its name begins with.
pub(super) fn of_collation(collation: &str) -> &str {
    match collation.split_once('_') {
        Some(("utf8", _)) => "utf8mb3",
        Some((charset, _)) => charset,
        None => collation,
    }
}

/// Whether a type is one of texts.
pub(super) fn writes(spelled: &str) -> bool {
    let end = spelled.find(|it: char| !it.is_ascii_alphabetic()).unwrap_or(spelled.len());
    let word = spelled[..end].to_ascii_lowercase();
    matches!(
        word.as_str(),
        "char"
            | "character"
            | "varchar"
            | "tinytext"
            | "text"
            | "mediumtext"
            | "longtext"
            | "enum"
            | "set"
            | "nchar"
            | "nvarchar"
    )
}
