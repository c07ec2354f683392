use whimbrel_migration::*;

pub fn migration() -> Migration {
    Migration::first()
        .upsert(
            rows("countries")
                .key("code")
                .columns(["code", "name", "area"])
                .row(("AU", "Australia", "7692024.00"))
                .row(("US", "It's \\ here", null())),
        )
        .upsert(
            rows("members")
                .key(["country", "year"])
                .row(("AU", 1945))
                .row(("NZ", 1945)),
        )
}
