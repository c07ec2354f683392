//! How targets are read, shown, and refused without a word of their password.

use std::collections::BTreeMap;

use whimbrel_wire::{Family, Parts, Secret, SslMode, Target, TargetError};

fn parse(url: &str) -> Target {
    Target::parse(url, None).unwrap_or_else(|error| panic!("{url}: {error}"))
}

fn refusal(url: &str) -> TargetError {
    Target::parse(url, None).err().unwrap_or_else(|| panic!("{url} is taken"))
}

/// Family, user, password, hosts and database in one line.
fn told(target: &Target) -> String {
    let hosts: Vec<String> = target
        .hosts
        .iter()
        .map(|it| format!("{}:{}", it.name, it.port.map_or_else(String::new, |it| it.to_string())))
        .collect();
    format!(
        "{:?} {}|{}@{}/{}",
        target.family,
        target.user.as_deref().unwrap_or("-"),
        target.password.as_ref().map_or("-", Secret::reveal),
        hosts.join(","),
        target.database.as_deref().unwrap_or("-"),
    )
}

#[test]
fn every_form_is_read() {
    for (url, expected) in [
        ("postgres://u:p@h:5433/d", "Postgres u|p@h:5433/d"),
        ("postgresql://h", "Postgres -|-@h:/-"),
        ("postgres:///d?host=/var/run/x&port=5433", "Postgres -|-@/var/run/x:5433/d"),
        ("postgres://u@a:1,b:2/d", "Postgres u|-@a:1,b:2/d"),
        ("postgres://u@[::1]:5433/d", "Postgres u|-@::1:5433/d"),
        ("postgres://u@%2Frun%2Fpg/d", "Postgres u|-@/run/pg:/d"),
        ("postgres://u:p%40%3A%2F%23%25%3F@h/d%20e", "Postgres u|p@:/#%?@h:/d e"),
        ("host=h user=u password='a b\\'c\\\\' dbname=d", "Postgres u|a b'c\\@h:/d"),
        ("port=7 host=a,b  user = u", "Postgres u|-@a:7,b:7/-"),
        ("mysql://u:p@h/d", "Mysql u|p@h:/d"),
        ("mariadb://u@h:3307/d", "Mysql u|-@h:3307/d"),
        ("u:p@/:?#%w@tcp(h:3307)/d?parseTime=true", "Mysql u|p@/:?#%w@h:3307/d"),
        ("mysql://u:p@tcp(h:3307)/d", "Mysql u|p@h:3307/d"),
        ("u@unix(/run/my.sock)/d", "Mysql u|-@/d"),
        ("tcp(h)/d", "Mysql -|-@h:/d"),
        ("sqlite:a/b.db", "Sqlite -|-@/a/b.db"),
        ("sqlite://a/b.db", "Sqlite -|-@/a/b.db"),
        ("sqlite:///a/b.db", "Sqlite -|-@//a/b.db"),
        ("sqlite3:a.db", "Sqlite -|-@/a.db"),
        ("sqlite::memory:", "Sqlite -|-@/:memory:"),
        ("sqlite://:memory:", "Sqlite -|-@/:memory:"),
        ("file:a%20b.db", "Sqlite -|-@/a b.db"),
        ("file:///C:/a.db", "Sqlite -|-@/C:/a.db"),
        ("file:x?mode=memory", "Sqlite -|-@/:memory:"),
        ("./here/a.sqlite3", "Sqlite -|-@/./here/a.sqlite3"),
        ("C:\\a.db", "Sqlite -|-@/C:\\a.db"),
    ] {
        assert_eq!(told(&parse(url)), expected, "{url}");
    }
    let plain = Target::parse("data/app", Some("sqlite")).unwrap();
    assert_eq!(told(&plain), "Sqlite -|-@/data/app");
}

#[test]
fn a_url_made_of_any_target_reads_as_the_same_target() {
    for url in [
        "postgres://u:p%40%3A%2F%23%25%3F@h:1,[::1]:2/d%20e?sslmode=verify-full&search_path=a,b",
        "mysql://u:%C3%A4%20@h/d?socket=/a/b",
        "sqlite:a%25b.db?busy_timeout=10",
        "sqlite:a?mode=ro",
        "postgres://%2Frun%2Fpg",
    ] {
        let target = parse(url);
        assert_eq!(parse(target.reveal().reveal()), target, "{url}");
    }
    let secret = "@:/#%?&='\"\\ äß";
    let parts = Parts {
        database_type: Some("mariadb".to_owned()),
        host: Some("h".to_owned()),
        port: Some(3307),
        user: Some(secret.to_owned()),
        password: Some(Secret::new(secret)),
        database: Some(secret.to_owned()),
        parameters: BTreeMap::from([("sslmode".to_owned(), "require".to_owned())]),
    };
    let target = Target::from_parts(parts).unwrap();
    assert_eq!(parse(target.reveal().reveal()), target);
    assert_eq!(target.ssl_mode(), SslMode::Require);
}

#[test]
fn the_password_is_in_nothing_that_is_shown() {
    let target = parse("postgres://u:s3cret@h/d?sslmode=require");
    assert_eq!(target.to_string(), "postgres://u:***@h/d?sslmode=require");
    assert!(!format!("{target:?}").contains("s3cret"));
    assert_eq!(format!("{} {:?}", Secret::new("s3cret"), Secret::new("s3cret")), "*** ***");
}

#[test]
fn an_unencoded_password_is_refused_with_advice_and_without_any_piece_of_it() {
    // Each piece between the special letters is one that must not be shown.
    for middle in ["@", "/", "#", "?", "%", "/9?", "?9=", "?sslmode=", "#9@", "://", "@9/", "%4"] {
        for scheme in ["postgres", "mysql"] {
            let url = format!("{scheme}://user:QXA{middle}QXB@host/db");
            let error = refusal(&url);
            let hint = error.hint().unwrap_or_default();
            assert!(hint.contains("%25"), "{url}: {hint}");
            let shown = format!("{error} {error:?} {hint}");
            assert!(!shown.contains("QX"), "{url}: {shown}");
        }
    }
    for url in [
        "host=h password=QXA QXB",
        "host=h password=QXA QXB=1",
        "password='QXA",
        "postgres://user:QXA",
        "user:QXA@host/db",
        "QXA@host",
        "user:QXA@tcp(h:QXB)/d",
    ] {
        let error = refusal(url);
        let shown = format!("{error} {error:?} {:?}", error.hint());
        assert!(!shown.contains("QX"), "{url}: {shown}");
    }
}

#[test]
fn an_unknown_parameter_is_an_error_with_the_nearest_known_one() {
    let error = refusal("postgres://h/d?sslmod=require");
    assert_eq!(error.hint().as_deref(), Some("did you mean `sslmode`?"));
    assert_eq!(error.to_string(), "a `postgres` target has no parameter `sslmod`");
    let error = refusal("mysql://h/d?colour=red");
    assert!(error.hint().unwrap().contains("`sslrootcert`"));
    assert!(refusal("host=h sslmodd=require").hint().unwrap().contains("`sslmode`"));
    assert!(matches!(refusal("postgres://h?sslmode=maybe"), TargetError::BadParameter { .. }));
    assert!(matches!(refusal("postgres://h:99999/d"), TargetError::BadPort));
}

#[test]
fn sslmode_is_never_weakened() {
    for (url, mode) in [
        ("postgres://h", SslMode::Prefer),
        ("postgres://h?sslmode=disable", SslMode::Disable),
        ("postgres://h?sslmode=allow", SslMode::Allow),
        ("postgres://h?sslmode=require", SslMode::Require),
        ("postgres://h?sslmode=verify-ca", SslMode::VerifyCa),
        ("host=h sslmode=verify-full", SslMode::VerifyFull),
        ("mysql://h?ssl-mode=VERIFY_IDENTITY", SslMode::VerifyFull),
        ("u@tcp(h)/d?tls=true", SslMode::VerifyFull),
        ("u@tcp(h)/d?tls=skip-verify", SslMode::Require),
    ] {
        assert_eq!(parse(url).ssl_mode(), mode, "{url}");
    }
}

#[test]
fn what_the_type_says_must_fit_the_url() {
    let error = Target::parse("postgres://h/d", Some("mysql")).unwrap_err();
    assert!(matches!(error, TargetError::Contradiction { .. }));
    assert!(Target::parse("postgres://h/d", Some("redshift")).is_ok());
    let error = Target::parse("postgre://h/d", None).unwrap_err();
    assert_eq!(error.hint().as_deref(), Some("did you mean `postgres`?"));
    assert!(matches!(Target::parse("sqlite:", None), Err(TargetError::Missing { .. })));
    assert!(matches!(Target::parse("", None), Err(TargetError::Unrecognised)));
}

#[test]
fn what_a_url_leaves_open_is_filled() {
    let mut target = parse("postgres://h/d");
    let parts = Parts {
        host: Some("other".to_owned()),
        port: Some(6543),
        user: Some("u".to_owned()),
        password: Some(Secret::new("p")),
        parameters: BTreeMap::from([("sslmode".to_owned(), "require".to_owned())]),
        ..Parts::default()
    };
    target.fill(parts).unwrap();
    assert_eq!(told(&target), "Postgres u|p@h:6543/d");
    assert_eq!((target.family, target.ssl_mode()), (Family::Postgres, SslMode::Require));
}
