//! Running code of the user's own, which changes rows.

use whimbrel_migration::{
    Run,
    run::{Program, UndoRun},
};

use super::{Change, Hazard, Inverse, Operation, Reduced, Span, folding};
use crate::{
    dialect::Dialect,
    schema::{Conflict, Schema},
    sql::{self, Statement, Unsupported},
};

impl Change for Run {
    fn describe(&self) -> String {
        format!("Run the code `{}`", self.title)
    }

    /// The schema is taken to stay as it is; the tables that it is said to touch are there.
    fn apply(&self, schema: &mut Schema) -> Result<(), Conflict> {
        self.touches.iter().try_for_each(|it| schema.table(it).map(drop))
    }

    fn inverse(&self, _before: &Schema) -> Result<Inverse, Conflict> {
        Ok(match &self.undo {
            UndoRun::Unknown => Inverse::Unknown,
            UndoRun::Nothing => Inverse::Operations(vec![]),
            UndoRun::Code(undo) => Inverse::Operations(vec![undone_by(self, undo).into()]),
        })
    }

    /// Nobody knows what it reads and writes, unless that was said.
    fn reduce(&self, next: &Operation) -> Reduced {
        folding::apart(&self.clone().into(), next)
    }

    fn hazard(&self, _before: &Schema) -> Option<Hazard> {
        None
    }

    fn sql(&self, _dialect: &Dialect, _span: Span<'_>) -> Result<Vec<Statement>, Unsupported> {
        Ok(vec![sql::code(&self.title, &self.code)])
    }
}

/// What the code is called that takes other code back.
pub(crate) fn title_of_undo(title: &str) -> String {
    format!("{title}, taken back")
}

/// What takes a `Run` back.
fn undone_by(run: &Run, undo: &Program) -> Run {
    Run {
        title: title_of_undo(&run.title),
        code: undo.clone(),
        undo: UndoRun::Unknown,
        touches: run.touches.clone(),
    }
}
