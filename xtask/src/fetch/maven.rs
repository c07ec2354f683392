//! Programs that come inside Java archives.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::{Cache, assert_linux_x86_64, beside, is_installed, tar};
use crate::process::run;

const LIMIT: Duration = Duration::from_mins(3);

/// A Java archive with an archive of programs in it.
#[derive(Debug)]
pub(crate) struct Package {
    /// `group:artifact:version`; a version that is published never changes, and Maven checks
    /// what it downloads.
    pub(crate) artifact: &'static str,
    /// The archive inside.
    pub(crate) resource: &'static str,
}

impl Package {
    /// The unpacked programs.
    pub(crate) fn get(&self, cache: &Cache) -> Result<PathBuf, String> {
        assert_linux_x86_64()?;
        cache.get(&self.artifact.replace(':', "_"), |whole| self.fill(whole))
    }

    fn fill(&self, whole: &Path) -> Result<(), String> {
        for program in ["mvn", "unzip"] {
            if !is_installed(program) {
                return Err(format!("`{program}` is not on this machine"));
            }
        }
        let archives = beside(whole, "archives")?;
        let log = whole.with_file_name("mvn.log");
        let mut copy = Command::new("mvn");
        copy.args(["--batch-mode", "--quiet", "dependency:copy", "-Dmdep.stripVersion=true"]);
        copy.arg(format!("-Dartifact={}", self.artifact));
        copy.arg(format!("-DoutputDirectory={}", archives.display()));
        // Away from any `pom.xml`.
        copy.current_dir(&archives);
        if run(&copy, None, &log, LIMIT).is_err() {
            return Err("Maven reaches no archive that has it".to_owned());
        }
        let name = self.artifact.split(':').nth(1).unwrap_or_default();
        let mut unzip = Command::new("unzip");
        unzip.arg("-oq").arg(archives.join(format!("{name}.jar"))).arg(self.resource);
        unzip.arg("-d").arg(&archives);
        run(&unzip, None, &log, LIMIT)?;
        let inner = archives.join(self.resource);
        run(&tar(&inner, whole), None, &log, LIMIT)?;
        fs::remove_file(&inner).map_err(|error| format!("could not tidy up: {error}"))
    }
}
