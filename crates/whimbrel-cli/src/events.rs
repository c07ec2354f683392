//! What a run tells, as JSON: docs/events.md says what each field means.

use std::time::Duration;

use serde_json::{Value, json};
use whimbrel::{
    dialect::Dialect,
    execute::{Blocker, Event},
    sql,
};

/// How much of a statement stands in an event, in characters.
const SHOWN: usize = 1000;

/// An event as an object, told so long after the run began. No string of a statement is in it.
pub(crate) fn as_json(event: &Event, dialect: &Dialect, at: Duration) -> Value {
    let statement = |text: &str| sql::shown(dialect, text, SHOWN);
    let mut value = match event {
        Event::Waiting { holder, waited, limit } => json!({
            "event": "waiting",
            "holder": holder,
            "waited_ms": millis(*waited),
            "limit_ms": millis(*limit),
        }),
        Event::LockRetaken => json!({ "event": "lock_retaken" }),
        Event::GaveWay { migration, step, peer } => {
            json!({ "event": "gave_way", "migration": migration, "step": step, "peer": peer })
        }
        Event::StillRunning { migration, step, session, since, statement: text, cancels } => {
            json!({
                "event": "still_running",
                "migration": migration,
                "step": step,
                "session": session,
                "since_ms": since.map(millis),
                "statement": statement(text),
                "cancels": cancels,
            })
        }
        Event::Resuming { migration, direction, done, steps } => json!({
            "event": "resuming",
            "migration": migration,
            "direction": direction.word(),
            "done": done,
            "steps": steps,
        }),
        Event::FoundDone { migration, step } => {
            json!({ "event": "step_found_done", "migration": migration, "step": step })
        }
        Event::Cured { migration, what } => {
            json!({ "event": "cured", "migration": migration, "statement": statement(what) })
        }
        Event::Started { migration, direction } => json!({
            "event": "migration_started",
            "migration": migration,
            "direction": direction.word(),
        }),
        Event::StepStarted { migration, step, steps, statement: text } => json!({
            "event": "step_started",
            "migration": migration,
            "step": step,
            "last": step,
            "steps": steps,
            "statement": statement(text),
        }),
        Event::StepsStarted { migration, first, last, steps } => json!({
            "event": "step_started",
            "migration": migration,
            "step": first,
            "last": last,
            "steps": steps,
            "statement": null,
        }),
        Event::PassedOver { migration, step, operation, why } => json!({
            "event": "passed_over",
            "migration": migration,
            "step": step,
            "operation": operation,
            "why": why,
        }),
        Event::StepFinished { migration, direction, step, steps, statement: text, took } => json!({
            "event": "step_finished",
            "migration": migration,
            "direction": direction.word(),
            "step": step,
            "steps": steps,
            "statement": text,
            "took_ms": took.map(millis),
        }),
        Event::BatchFinished { migration, step, steps, table, rows } => json!({
            "event": "batch_finished",
            "migration": migration,
            "step": step,
            "steps": steps,
            "table": table,
            "rows": rows,
        }),
        Event::Progress(it) => json!({
            "event": "progress",
            "migration": it.migration,
            "step": (it.first > 0).then_some(it.first),
            "last": (it.first > 0).then_some(it.last),
            "steps": (it.first > 0).then_some(it.steps),
            "running_ms": millis(it.running),
            "doing": it.sighting.doing,
            "done": it.sighting.done,
            "total": it.sighting.total,
            "waits_for": blockers(&it.sighting.blockers),
        }),
        Event::Blocked { migration, step, steps, by, tries, pause } => json!({
            "event": "blocked",
            "migration": migration,
            "step": step,
            "steps": steps,
            "by": blockers(by),
            "tries": tries,
            "pause_ms": millis(*pause),
        }),
        Event::Finished { migration, direction, statements, took } => json!({
            "event": "migration_finished",
            "migration": migration,
            "direction": direction.word(),
            "statements": statements,
            "took_ms": millis(*took),
        }),
        Event::SetAside { migration, what, kept } => {
            json!({ "event": "set_aside", "migration": migration, "what": what, "kept": kept })
        }
        Event::PutBack { migration, what } => {
            json!({ "event": "put_back", "migration": migration, "what": what })
        }
        Event::LeftAside { migration, id, what, because } => json!({
            "event": "left_aside",
            "migration": migration,
            "id": id,
            "what": what,
            "because": because,
        }),
        Event::Unknown { migration } => json!({ "event": "unknown", "migration": migration }),
        Event::Renumbered { migration, now } => {
            json!({ "event": "renumbered", "migration": migration, "now": now })
        }
        Event::Folded { migration, replaced } => {
            json!({ "event": "folded", "migration": migration, "replaced": replaced })
        }
        Event::Told { migration, words } => {
            json!({ "event": "told", "migration": migration, "words": words })
        }
        Event::Said(notice) => json!({
            "event": "notice",
            "severity": notice.severity,
            "message": notice.message,
        }),
    };
    value["at_ms"] = json!(millis(at));
    value
}

fn blockers(blockers: &[Blocker]) -> Value {
    let one = |it: &Blocker| {
        json!({
            "session": it.session,
            "who": it.who,
            "doing": it.doing,
            "seconds": it.seconds,
            "statement": it.statement,
        })
    };
    blockers.iter().map(one).collect()
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
