use whimbrel_migration::*;

pub fn migration() -> Migration {
    Migration::first().upsert(
        rows("things")
            .key("id")
            .columns([
                "id", "words", "short", "small", "big", "price", "rate", "yes", "day", "hour",
                "made", "token", "data", "raw", "worked_out", "answer",
            ])
            .row((
                1,
                "it's\n\"here\" \\",
                "ü",
                -1,
                9_223_372_036_854_775_807,
                "1234567890.1234",
                "1.5",
                true,
                "2024-02-29",
                "23:59:58",
                "2024-02-29 23:59:58",
                "7b2e4a51-6a4e-4d4b-9d0c-6d6a1c6c4f11",
                r#"{"a": "b"}"#,
                hex("00ff27"),
                sql("1 + 1"),
                named("answer"),
            ))
            .row([
                value(2),
                null(),
                null(),
                null(),
                null(),
                null(),
                null(),
                value(false),
                null(),
                null(),
                null(),
                null(),
                null(),
                null(),
                null(),
                null(),
            ]),
    )
}
