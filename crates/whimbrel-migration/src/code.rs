//! Builder calls as a tree: the other direction, from a value to the text that makes it.
//!
//! Printing is a matter of layout only; which call makes which value is said here, beside
//! the builder.
