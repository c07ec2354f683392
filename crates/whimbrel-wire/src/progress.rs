//! How the open transaction of a session is faring, as far as the client must know it itself.

#![cfg_attr(
    not(all(feature = "sqlite", feature = "postgres", feature = "mysql")),
    allow(dead_code, reason = "what only one of the drivers uses")
)]

use whimbrel::connection::{DatabaseError, Trouble};

use crate::one::Control;

/// The open transaction, seen from the client.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    open: bool,
    /// What failed first in it.
    failed: Option<DatabaseError>,
    /// The server has ended it by itself, so that a further statement would stand alone.
    ended: bool,
}

impl Progress {
    /// Whether a transaction is open, or was and nobody has been told of its end.
    pub(crate) fn open(&self) -> bool {
        self.open
    }

    /// Whether a statement of it failed.
    pub(crate) fn failed(&self) -> bool {
        self.failed.is_some()
    }

    /// Takes the failure out and forgets the transaction.
    pub(crate) fn close(&mut self) -> Option<DatabaseError> {
        self.open = false;
        self.ended = false;
        self.failed.take()
    }

    /// Notes the start of one.
    pub(crate) fn begun(&mut self) {
        *self = Self { open: true, ..Self::default() };
    }

    /// Refuses to begin a second one: MySQL would commit the first, PostgreSQL only warn.
    pub(crate) fn may_begin(&self) -> Result<(), DatabaseError> {
        if self.open {
            return Err(DatabaseError::new(
                Trouble::Other,
                "not sent: a transaction is open already",
            ));
        }
        Ok(())
    }

    /// Notes that the server has committed what was open, as MySQL does before it changes a table.
    #[cfg(feature = "mysql")]
    pub(crate) fn committed_along(&mut self) {
        self.open = false;
    }

    /// Refuses a statement that would run outside of the transaction it was meant for.
    pub(crate) fn admit(&self, control: Control) -> Result<(), DatabaseError> {
        match &self.failed {
            Some(error) if self.ended && !matches!(control, Control::End { .. }) => {
                Err(DatabaseError {
                    hint: Some("roll back, then begin again".to_owned()),
                    ..DatabaseError::new(
                        Trouble::Other,
                        format!("not sent: the server has ended the transaction: {error}"),
                    )
                })
            }
            _ => Ok(()),
        }
    }

    /// Notes a statement that ran.
    pub(crate) fn ran(&mut self, control: Control) {
        match control {
            Control::Begin | Control::End { chains: true, .. } => self.begun(),
            Control::End { chains: false, .. } => {
                self.close();
            }
            Control::BackTo => self.failed = None,
            Control::None => {}
        }
    }

    /// Notes a statement that failed; `ended` where the server has rolled all of it back.
    pub(crate) fn stumbled(&mut self, error: &DatabaseError, ended: bool) {
        if self.open {
            self.failed.get_or_insert_with(|| error.clone());
            self.ended |= ended;
        }
    }
}
