use whimbrel_migration::*;

type Kind = Column;

pub fn migration() -> Migration {
    Migration::first()
}
