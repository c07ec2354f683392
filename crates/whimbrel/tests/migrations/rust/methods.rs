//! Methods and signs that are met less often.
use whimbrel_migration::*;

const MASK: u8 = 0b1010 & 0x0f | 1 ^ 3;

fn columns() -> Vec<Column> {
    vec![text().into(), integer().not_null(), varchar(20).into()]
}

fn found(name: &str) -> Option<&str> {
    Some(name).filter(|it| it.len() > 2)
}

fn checked(name: &str) -> Result<&str, &str> {
    if name.len() > 1 { Ok(name) } else { Err(name) }
}

pub fn migration() -> Migration {
    let all = ["ab", "cd"].into_iter().map(checked).collect::<Result<Vec<_>, _>>().unwrap().join("_");
    let none = ["ab", "c", "d"].into_iter().map(checked).collect::<Result<String, _>>().is_err();
    let whole = ["a", "b"].iter().map(|it| Some(*it)).collect::<Option<String>>().unwrap();
    let lost = ["a", "b"].iter().map(|it| found(it)).collect::<Option<Vec<_>>>().is_none();
    let mut flags = true ^ false;
    flags &= !(1 > 2);
    flags |= false;
    let steps: Vec<String> = (0..10).step_by(3).map(|it| it.to_string()).collect();
    let middle: Vec<i32> = (1..=10).skip_while(|it| *it < 3).take_while(|it| *it < 6).collect();
    let product: u32 = (1..5).product();
    let summed = [1_u32, 2, 3].iter().copied().reduce(|a, b| a + b).unwrap_or(0);
    let longest = ["aa", "b", "cccc"].iter().max_by_key(|it| it.len()).unwrap();
    let shortest = ["aa", "b", "cccc"].iter().min_by_key(|it| it.len()).unwrap();
    let letters: String =
        "aB c1".chars().filter(|it| it.is_alphanumeric()).map(|it| it.to_ascii_lowercase()).collect();
    let words: Vec<&str> = "one  two\tthree".split_whitespace().collect();
    let last = "a.b.c".rsplit_once('.').unwrap().1;
    let backwards: Vec<&str> = "a.b.c".rsplit('.').collect();
    let same = "AbC".eq_ignore_ascii_case("aBc");
    let many = vec!["x"; 3].join("");
    let widths = vec![8_u32; 2];
    let chosen = flags.then(|| "yes").unwrap_or("no");
    let other = same.then_some("same").unwrap_or("other");
    let is_long = found("abc").is_some_and(|it| it.len() == 3);
    let mut table = table(format!("t{MASK}_{many}_{chosen}_{other}_{is_long}"));
    for (position, column) in columns().into_iter().enumerate() {
        table = table.column(format!("c{position}"), column);
    }
    Migration::first()
        .create_table(table)
        .add_column("t", steps.join("_"), varchar(product + summed))
        .add_column("t", format!("{}{}", middle.len(), letters), varchar(widths[1]))
        .add_column("t", format!("{all}_{none}_{whole}_{lost}"), text())
        .add_index("t", index(*longest).on(words))
        .add_index("t", index(*shortest).on(backwards))
        .drop_column("t", last)
}
