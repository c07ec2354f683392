//! The page about the configuration says what the code says.

use whimbrel::project::KEYS;

#[test]
fn every_key_stands_in_the_documentation_with_its_default() {
    let page = include_str!("../../../docs/configuration.md");
    for key in KEYS {
        let default = key.default.map(|it| format!("`{it}`")).unwrap_or_default();
        let row = page
            .lines()
            .find(|it| it.starts_with(&format!("| `{}` |", key.name)))
            .unwrap_or_else(|| panic!("`{}` is missing", key.name));
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        assert_eq!(cells[2], default, "{row}");
        assert!(cells[3].starts_with(key.says), "{row}");
        assert_eq!(cells[4], key.also.map(|it| format!("`{it}`")).unwrap_or_default(), "{row}");
    }
    let rows = page.lines().filter(|it| it.starts_with("| `") && it.matches('|').count() == 5);
    assert_eq!(rows.count(), KEYS.len());
}
