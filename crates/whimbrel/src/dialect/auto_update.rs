//! What is called how that updates a column by itself.

use super::{Dialect, LongestName};
use crate::schema::Name;

/// `<table>_<column>_auto_update`; where that is too long for the database, its beginning with a
/// digest.
pub fn auto_update_name(dialect: &Dialect, table: &Name, column: &str) -> String {
    const END: &str = "_auto_update";
    let begins = format!("{}_{column}", table.name);
    let longest = match dialect.longest_name {
        LongestName::Bytes(longest) | LongestName::Characters(longest) => longest,
        LongestName::Unlimited => usize::MAX,
    };
    if begins.len() + END.len() <= longest {
        return begins + END;
    }
    // FNV-1a.
    let mix = |digest: u32, byte: u8| (digest ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    let digest = format!("{:08x}", begins.bytes().fold(0x811c_9dc5, mix));
    let mut room = longest - END.len() - digest.len() - 1;
    while !begins.is_char_boundary(room) {
        room -= 1;
    }
    format!("{}_{digest}{END}", &begins[..room])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::{POSTGRES, SQLITE};

    #[test]
    fn names_that_are_too_long_are_cut_and_stay_apart() {
        let table = Name::new("t".repeat(40));
        let [one, other] = ["a", "b"].map(|it| auto_update_name(&POSTGRES, &table, &it.repeat(20)));
        assert_eq!((one.len(), other.len()), (63, 63));
        assert_ne!(one, other);
        assert!(one.ends_with("_auto_update"), "{one}");
        assert_eq!(auto_update_name(&SQLITE, &table, "a").len(), 54);
        let odd = auto_update_name(&POSTGRES, &Name::new("ä".repeat(30)), "seen_at");
        assert!(odd.len() <= 63 && odd.starts_with("ä"), "{odd}");
    }
}
