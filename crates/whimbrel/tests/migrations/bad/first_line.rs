#!/usr/bin/env whimbrel
use whimbrel_migration::*;

pub fn migration() -> Migration {
    Migration::first().drop_tabel("b")
}
