//! Reading a live database of this family from its catalog.

use super::Scope;
use crate::{
    connection::{Connection, DatabaseError, Trouble},
    dialect::Dialect,
    schema::Found,
};

pub(super) fn read(
    _connection: &mut dyn Connection,
    dialect: &'static Dialect,
    _scope: Scope<'_>,
) -> Result<Found, DatabaseError> {
    let message = format!("reading live {} databases is not possible yet", dialect.product);
    Err(DatabaseError::new(Trouble::Other, message))
}
