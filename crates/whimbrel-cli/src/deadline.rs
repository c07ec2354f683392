//! `--deadline`: until when steps may be begun.

use jiff::{SignedDuration, Timestamp, Zoned, civil, tz::TimeZone};

/// Until when steps may be begun, as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Deadline {
    pub(crate) at: Timestamp,
}

impl Deadline {
    /// Reads `04:30`, `+2h`, `2026-11-22 04:30`, `2026-11-22T04:30:00+01:00`, on this clock.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        read(text, &Zoned::now()).map(|at| Self { at })
    }

    /// Whether it is past.
    pub(crate) fn is_past(&self) -> bool {
        Timestamp::now() >= self.at
    }

    /// "2026-11-22 04:30:00 +01:00", with how far away that is.
    pub(crate) fn in_words(&self) -> String {
        let local = self.at.to_zoned(TimeZone::system());
        let left = self.at.duration_since(Timestamp::now());
        let away = whimbrel::execute::in_words(left.unsigned_abs());
        let away = if left.is_negative() { format!("{away} ago") } else { format!("in {away}") };
        format!("{} ({away})", local.strftime("%Y-%m-%d %H:%M:%S %:z"))
    }
}

fn read(text: &str, now: &Zoned) -> Result<Timestamp, String> {
    let text = text.trim();
    if let Some(distance) = text.strip_prefix('+') {
        let distance = whimbrel::project::duration(distance)
            .map_err(|it| format!("behind `+` stands {it}"))?;
        let distance = SignedDuration::try_from(distance).map_err(|it| it.to_string())?;
        return now.timestamp().checked_add(distance).map_err(|it| it.to_string());
    }
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Ok(moment);
    }
    if let Ok(time) = time_of_day(text) {
        return nearest(time, now).ok_or_else(|| "there is no such time".to_owned());
    }
    if let Ok(local) = text.parse::<civil::DateTime>()
        && text.contains(':')
    {
        let zoned = local.to_zoned(now.time_zone().clone());
        return zoned.map(|it| it.timestamp()).map_err(|it| it.to_string());
    }
    Err("write a time of day (`04:30`), a moment (`2026-11-22 04:30`, with `+01:00` where it is \
         not the local time), or a while (`+2h`)"
        .to_owned())
}

fn time_of_day(text: &str) -> Result<civil::Time, jiff::Error> {
    civil::Time::strptime("%H:%M", text).or_else(|_| civil::Time::strptime("%H:%M:%S", text))
}

/// The nearest such time, be it before or after: at 23:00 `04:30` is tomorrow's, and at 05:00 it
/// is half an hour ago, so that a job that starts late does nothing instead of working all day.
fn nearest(time: civil::Time, now: &Zoned) -> Option<Timestamp> {
    let today = now.date();
    [today.yesterday().ok()?, today, today.tomorrow().ok()?]
        .into_iter()
        .filter_map(|day| day.to_datetime(time).to_zoned(now.time_zone().clone()).ok())
        .map(|it| it.timestamp())
        .min_by_key(|it| it.duration_since(now.timestamp()).unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(now: &str, text: &str) -> String {
        let now: Zoned = now.parse().expect("it is a moment");
        match read(text, &now) {
            Ok(moment) => moment.to_zoned(now.time_zone().clone()).datetime().to_string(),
            Err(words) => words,
        }
    }

    #[test]
    fn a_time_of_day_is_the_nearest_one() {
        let late = "2026-11-21T23:00:00+01:00[+01:00]";
        assert_eq!(at(late, "04:30"), "2026-11-22T04:30:00");
        assert_eq!(at(late, "23:30:15"), "2026-11-21T23:30:15");
        assert_eq!(at("2026-11-22T05:00:00+01:00[+01:00]", "04:30"), "2026-11-22T04:30:00");
        assert_eq!(at("2026-11-22T00:10:00+01:00[+01:00]", "23:50"), "2026-11-21T23:50:00");
    }

    #[test]
    fn a_moment_and_a_while_are_read() {
        let now = "2026-11-21T23:00:00+01:00[+01:00]";
        assert_eq!(at(now, "+2h"), "2026-11-22T01:00:00");
        assert_eq!(at(now, "2026-11-22 04:30"), "2026-11-22T04:30:00");
        assert_eq!(at(now, "2026-11-22T04:30:00Z"), "2026-11-22T05:30:00");
        for wrong in ["", "soon", "4", "25:00", "2h", "+2", "+", "2026-11-22", "2026-13-01 10:00"] {
            let words = at(now, wrong);
            assert!(
                words.contains("write a time") || words.contains("behind `+`"),
                "{wrong}: {words}"
            );
        }
    }
}
