//! What several tests share.

pub(crate) mod cases;
pub(crate) mod schemas;
