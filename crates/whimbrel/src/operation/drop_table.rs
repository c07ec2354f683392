//! Dropping a table and its rows.

use whimbrel_migration::{CreateTable, DropTable};

use super::{Change, Hazard, Inverse, Operation, Reduced, Span, folding};
use crate::{
    dialect::{Dialect, Object},
    schema::{Conflict, Schema},
    sql::{self, Statement, Unsupported},
};

impl Change for DropTable {
    fn describe(&self) -> String {
        format!("Drop table `{}`", self.table)
    }

    fn apply(&self, schema: &mut Schema) -> Result<(), Conflict> {
        schema.table(&self.table)?;
        let user = schema.pointing_at(&self.table).find(|(from, _)| from.name != self.table);
        if let Some((from, key)) = user {
            return Err(Conflict::TableInUse {
                table: self.table.clone(),
                from: from.name.clone(),
                foreign_key: key.name.clone(),
            });
        }
        schema.remove(&self.table)?;
        Ok(())
    }

    fn inverse(&self, before: &Schema) -> Result<Inverse, Conflict> {
        let table = before.table(&self.table)?.clone();
        Ok(Inverse::Operations(vec![CreateTable { table }.into()]))
    }

    fn reduce(&self, next: &Operation) -> Reduced {
        folding::apart(&self.clone().into(), next)
    }

    fn hazard(&self, _before: &Schema) -> Option<Hazard> {
        Some(Hazard::Loses(format!("the rows of `{}`", self.table)))
    }

    fn sql(&self, dialect: &Dialect, _span: Span<'_>) -> Result<Vec<Statement>, Unsupported> {
        let text = format!("DROP TABLE {}", dialect.quote_name(&self.table));
        Ok(vec![Statement::schema(text, [sql::absent(Object::Table(self.table.clone()))])])
    }
}
