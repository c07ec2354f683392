//! `cargo xtask faults`: the tests are tested. Each fault is planted alone in a copy of the
//! sources, where the test that is named with it has to turn red.

use std::collections::BTreeSet;
use std::env;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::reliability;
use super::test::root;
use crate::engines::{self, Care, Engines, Wanted};

mod planted;
mod properties;

use planted::{Fault, Test};

pub(crate) const ABOUT: &str =
    "Break what keeps the promise, one thing at a time, and see a test notice   [fault …]";

/// How long a test may take that is not broken, and then some.
const LIMIT: Duration = Duration::from_mins(5);

pub(crate) fn run(arguments: &[String]) -> Result<ExitCode, String> {
    let faults = chosen(arguments)?;
    let folder = folder();
    let source = folder.join("source");
    copy(&root(), &source)?;
    let needs: BTreeSet<&str> =
        faults.iter().filter_map(|it| it.noticed_by.needs).map(engines::Family::word).collect();
    let needs: Vec<&str> = needs.into_iter().collect();
    let engines = match needs.as_slice() {
        [] => Engines::none("no test needs one"),
        needs => Engines::start(&Wanted::named(needs)?, Care::Careless),
    };
    let bench = Bench { source, target: folder.join("target"), engines };
    // All at once, while everything is as it should be.
    let mut green = BTreeSet::new();
    for test in faults.iter().map(|it| &it.noticed_by) {
        if bench.has_server_for(test) && green.insert((test.name, test.scenarios)) {
            bench.must_be_green(test)?;
        }
    }
    let (mut tried, mut unnoticed) = (0, 0);
    for fault in faults {
        let verdict = bench.try_out(fault)?;
        println!("{:<14} {}", fault.name, verdict.words());
        unnoticed += usize::from(verdict == Verdict::Unnoticed);
        if verdict != Verdict::NotTried {
            tried += 1;
            // After each, as all of them take long, and somebody may stop this.
            let said = reliability::said(reliability::FAULTS);
            let now = (fault, verdict, reliability::date());
            reliability::keep(reliability::FAULTS, &section(&said, &now))?;
        }
    }
    if unnoticed > 0 {
        println!("{unnoticed} of {tried} faults were not noticed");
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}

/// Every fault, in the order of the page.
fn all() -> impl Iterator<Item = &'static Fault> {
    planted::ALL.iter().chain(properties::ALL)
}

fn chosen(names: &[String]) -> Result<Vec<&'static Fault>, String> {
    let find = |name: &String| {
        all().find(|it| it.name == name).ok_or_else(|| {
            let known: Vec<&str> = all().map(|it| it.name).collect();
            format!("there is no fault `{name}`; these there are: {}", known.join(", "))
        })
    };
    if names.is_empty() { Ok(all().collect()) } else { names.iter().map(find).collect() }
}

/// What became of a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    /// The test turned red.
    Noticed,
    /// The test did not come to an end.
    Hung,
    /// The test stayed green.
    Unnoticed,
    /// The server that its test needs is not there.
    NotTried,
}

impl Verdict {
    fn words(self) -> &'static str {
        match self {
            Self::Noticed => "noticed",
            Self::Hung => "noticed: the test did not end",
            Self::Unnoticed => "NOT NOTICED",
            Self::NotTried => "not tried: its server is not there",
        }
    }
}

/// Where the faults are planted.
struct Bench {
    source: PathBuf,
    target: PathBuf,
    engines: Engines,
}

impl Bench {
    fn has_server_for(&self, test: &Test) -> bool {
        test.needs.is_none_or(|it| self.engines.has(it))
    }

    fn must_be_green(&self, test: &Test) -> Result<(), String> {
        match self.is_green(test)? {
            Some(true) => Ok(()),
            _ => Err(format!("`{}` is not green without a fault", test.name)),
        }
    }

    /// Plants the fault, runs its test, and takes the fault away again.
    fn try_out(&self, fault: &Fault) -> Result<Verdict, String> {
        let test = &fault.noticed_by;
        if !self.has_server_for(test) {
            return Ok(Verdict::NotTried);
        }
        let file = self.source.join(fault.file);
        let text = read(&file)?;
        let places = text.matches(fault.right_text).count();
        if places != 1 {
            return Err(format!("`{}`: its line stands {places} times in the file", fault.name));
        }
        write(&file, &text.replace(fault.right_text, fault.wrong_text))?;
        let verdict = self.is_green(test);
        write(&file, &text)?;
        Ok(match verdict? {
            Some(true) => Verdict::Unnoticed,
            Some(false) => Verdict::Noticed,
            None => Verdict::Hung,
        })
    }

    /// Whether the test ends well; nothing where it doesn't end.
    fn is_green(&self, test: &Test) -> Result<Option<bool>, String> {
        let program = self.build(test.program)?;
        let mut command = Command::new(program);
        command.args(["--exact", test.name]).current_dir(self.source.join(PACKAGE));
        for (variable, _) in env::vars().filter(|(name, _)| engines::middle(name).is_some()) {
            command.env_remove(variable);
        }
        for engine in &self.engines.running {
            command.env(&engine.variable, &engine.url);
        }
        if !test.scenarios.is_empty() {
            command.env("WHIMBREL_TEST_SCENARIOS", test.scenarios);
        }
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let failed = |error| format!("could not run {}: {error}", test.program);
        let mut child = command.spawn().map_err(failed)?;
        let begin = Instant::now();
        loop {
            if let Some(status) = child.try_wait().map_err(failed)? {
                return Ok(Some(status.success()));
            }
            if begin.elapsed() > LIMIT {
                child.kill().map_err(failed)?;
                child.wait().map_err(failed)?;
                return Ok(None);
            }
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Compiles a program of tests; tells where it is.
    fn build(&self, program: &str) -> Result<PathBuf, String> {
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let output = Command::new(cargo)
            .args(["test", "--no-run", "-p", "whimbrel-test", "--test", program])
            .current_dir(&self.source)
            .env("CARGO_TARGET_DIR", &self.target)
            .env("CARGO_TERM_COLOR", "never")
            .stdin(Stdio::null())
            .output()
            .map_err(|error| format!("could not run `cargo`: {error}"))?;
        let said = String::from_utf8_lossy(&output.stderr);
        if !output.status.success() {
            return Err(format!("the copy does not compile:\n{said}"));
        }
        let line = said.lines().find(|it| it.trim_start().starts_with("Executable"));
        let path = line.and_then(|it| it.split_once('(')).and_then(|(_, it)| it.strip_suffix(')'));
        let path = path.ok_or_else(|| format!("cargo does not say what it built:\n{said}"))?;
        Ok(self.source.join(path))
    }
}

const PACKAGE: &str = "crates/whimbrel-test";

/// What the page says of them: of one something new, of the others what it has `said`, where that
/// is still their test.
fn section(said: &str, (tried, verdict, date): &(&Fault, Verdict, String)) -> String {
    let mut text = "A test that cannot fail shows nothing. Each of these faults was planted by \
                    itself, and the test beside it, green before, was run again \
                    (`cargo xtask faults`).\n\n\
                    | what was broken | test | | when |\n|---|---|---|---|\n"
        .to_owned();
    for fault in all() {
        let Test { program, name, .. } = &fault.noticed_by;
        let begin = format!("| {} | `{program}::{name}` |", fault.wrong);
        let before = said.lines().find(|it| it.starts_with(&begin));
        let _ = match before {
            _ if fault.name == tried.name => {
                writeln!(text, "{begin} {} | {date} |", verdict.words())
            }
            Some(line) => writeln!(text, "{line}"),
            None => writeln!(text, "{begin} not tried yet | |"),
        };
    }
    text
}

/// The folder of the copy and of what is compiled from it; it stays, so that the next time is
/// faster.
fn folder() -> PathBuf {
    let target = env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    root().join(target.unwrap_or_else(|| "target".into())).join("faults")
}

/// Makes `to` the same as `from`; what is the same already keeps its time.
fn copy(from: &Path, to: &Path) -> Result<(), String> {
    let failed = |path: &Path| {
        let path = path.display().to_string();
        move |error| format!("{path}: {error}")
    };
    fs::create_dir_all(to).map_err(failed(to))?;
    let mut names = BTreeSet::new();
    for entry in fs::read_dir(from).map_err(failed(from))? {
        let entry = entry.map_err(failed(from))?;
        let (path, name) = (entry.path(), entry.file_name());
        if name == "target" || name == ".git" || path.is_symlink() {
            continue;
        }
        let copied = to.join(&name);
        names.insert(name);
        if path.is_dir() {
            copy(&path, &copied)?;
            continue;
        }
        let bytes = fs::read(&path).map_err(failed(&path))?;
        if fs::read(&copied).ok().as_deref() != Some(&bytes) {
            fs::write(&copied, bytes).map_err(failed(&copied))?;
        }
    }
    for entry in fs::read_dir(to).map_err(failed(to))? {
        let entry = entry.map_err(failed(to))?;
        let path = entry.path();
        if names.contains(&entry.file_name()) {
            continue;
        }
        let removed =
            if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
        removed.map_err(failed(&path))?;
    }
    Ok(())
}

fn read(file: &Path) -> Result<String, String> {
    fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))
}

fn write(file: &Path, text: &str) -> Result<(), String> {
    fs::write(file, text).map_err(|error| format!("{}: {error}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_that_is_tried_has_its_line_written_and_the_others_keep_theirs() {
        let (one, other) = (&planted::ALL[0], &planted::ALL[1]);
        let first = section("", &(one, Verdict::Noticed, "2001-01-01".to_owned()));
        let both = section(&first, &(other, Verdict::Unnoticed, "2002-02-02".to_owned()));
        let line = |fault: &Fault| {
            let line = both.lines().find(|it| it.contains(fault.wrong));
            line.and_then(|it| it.split_once("` | ")).expect("it has a line").1
        };
        assert_eq!(line(one), "noticed | 2001-01-01 |");
        assert_eq!(line(other), "NOT NOTICED | 2002-02-02 |");
        assert_eq!(line(&planted::ALL[2]), "not tried yet | |");
    }

    #[test]
    fn every_fault_still_has_its_line_and_its_test() {
        for fault in all() {
            let text = read(&root().join(fault.file)).expect("the file is there");
            let places = text.matches(fault.right_text).count();
            assert_eq!(places, 1, "{}: `{}`", fault.name, fault.right_text);
            let Test { program, name, .. } = &fault.noticed_by;
            let tests = root().join(PACKAGE).join("tests").join(format!("{program}.rs"));
            let tests = read(&tests).expect("the tests are there");
            assert!(tests.contains(&format!("fn {name}()")), "{}: {name}", fault.name);
        }
    }
}
