//! The report of a run.

use std::fs;
use std::path::Path;
use std::time::Duration;

use serde_json::{Map, Value};

/// The end of a scenario; of one that failed or was not run with the reason.
pub enum Outcome {
    Passed,
    Failed(String),
    NotRun(String),
}

/// The outcomes of scenarios, in the order of the files.
#[derive(Default)]
pub struct Report {
    entries: Vec<Value>,
    passed: usize,
    failed: usize,
}

impl Report {
    /// Adds a scenario, and prints it if it failed.
    pub fn add(&mut self, name: &str, outcome: Outcome, time: Duration) {
        let mut entry = Map::new();
        entry.insert("name".into(), name.into());
        let (result, why) = match outcome {
            Outcome::Passed => ("passed", None),
            Outcome::Failed(why) => ("failed", Some(why)),
            Outcome::NotRun(why) => ("not run", Some(why)),
        };
        self.passed += usize::from(result == "passed");
        self.failed += usize::from(result == "failed");
        entry.insert("result".into(), result.into());
        if let Some(why) = why {
            if result == "failed" {
                println!("failed: {name}: {why}");
            }
            entry.insert("why".into(), why.into());
        }
        entry.insert("seconds".into(), ((time.as_secs_f64() * 1000.0).round() / 1000.0).into());
        self.entries.push(Value::Object(entry));
    }

    /// Writes the file, prints the numbers, and returns whether no scenario failed.
    pub fn write(self, file: &Path) -> Result<bool, String> {
        let not_run = self.entries.len() - self.passed - self.failed;
        println!("{} passed, {} failed, {not_run} not run", self.passed, self.failed);
        let text = format!("{:#}\n", Value::Array(self.entries));
        fs::write(file, text).map_err(|error| format!("{}: {error}", file.display()))?;
        Ok(self.failed == 0)
    }
}
