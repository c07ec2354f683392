//! How often a law is tried.

use proptest::prelude::ProptestConfig;

/// So often, or more where `PROPTEST_CASES` asks for more.
pub(crate) fn cases(cases: u32) -> ProptestConfig {
    let usual = ProptestConfig::default();
    ProptestConfig { cases: usual.cases.max(cases), failure_persistence: None, ..usual }
}
