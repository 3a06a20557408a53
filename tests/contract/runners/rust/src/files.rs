//! The files that a run reads: the suite, the scenarios, the credentials.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

const FORMAT: u64 = 1;
const SUITE: &str = "suite.json";

pub type Metadata = BTreeMap<String, String>;

#[derive(Deserialize)]
pub struct Suite {
    pub package: String,
    pub streams: HashMap<String, Shape>,
}

/// The form of the answers of a stream that is read item by item.
#[derive(Clone, Deserialize)]
pub struct Shape {
    pub items: String,
    pub changes: Vec<String>,
    pub states: Vec<String>,
}

#[derive(Deserialize)]
struct ScenarioFile {
    scenarios: Vec<Scenario>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    pub name: String,
    #[serde(default)]
    pub needs: Vec<String>,
    #[serde(default)]
    pub users: Vec<String>,
    #[serde(default)]
    pub ids: Vec<String>,
    pub steps: Vec<Step>,
}

/// A step: what it does is the one of the first six that is there.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    pub call: Option<String>,
    pub open: Option<String>,
    pub receive: Option<String>,
    pub end: Option<String>,
    pub close: Option<String>,
    pub wait: Option<f64>,
    #[serde(rename = "about")]
    _about: Option<String>,
    #[serde(default = "default_within")]
    pub within: f64,
    #[serde(rename = "as", default = "default_caller")]
    pub caller: String,
    #[serde(default = "empty")]
    pub request: Value,
    pub requests: Option<Value>,
    #[serde(default = "empty")]
    pub metadata: Value,
    pub expect: Option<Value>,
    pub error: Option<Value>,
    pub answer_metadata: Option<Value>,
    pub stream: Option<String>,
    pub until: Option<Value>,
    pub changes: Option<Value>,
    #[serde(default)]
    pub states: Vec<State>,
    pub answer: Option<Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    pub of: Value,
    pub last: Value,
}

#[derive(Default, Deserialize)]
pub struct Credentials {
    #[serde(default)]
    pub has: Vec<String>,
    #[serde(default)]
    pub callers: HashMap<String, Metadata>,
    #[serde(default)]
    pub users: Vec<KnownUser>,
}

/// A user that the target knows, with the metadata of its calls.
#[derive(Deserialize)]
pub struct KnownUser {
    pub user_id: String,
    #[serde(default)]
    pub metadata: Metadata,
}

fn default_within() -> f64 {
    10.0
}

fn default_caller() -> String {
    "service".into()
}

fn empty() -> Value {
    Value::Object(Default::default())
}

/// Returns the suite of a folder.
pub fn suite(folder: &Path) -> Result<Suite, String> {
    read(&folder.join(SUITE))
}

/// Returns the scenarios of a folder, in the order of the names of files and within them.
pub fn scenarios(folder: &Path) -> Result<Vec<Scenario>, String> {
    let failed = |error| format!("{}: {error}", folder.display());
    let entries = fs::read_dir(folder).map_err(failed)?.collect::<Result<Vec<_>, _>>().map_err(failed)?;
    let mut files: Vec<PathBuf> = entries.into_iter().map(|entry| entry.path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "json") && !file.ends_with(SUITE));
    files.sort();
    let mut scenarios = Vec::new();
    for file in files {
        scenarios.extend(read::<ScenarioFile>(&file)?.scenarios);
    }
    Ok(scenarios)
}

/// Returns the credentials of a file.
pub fn credentials(file: &Path) -> Result<Credentials, String> {
    read(file)
}

fn read<T: DeserializeOwned>(file: &Path) -> Result<T, String> {
    let failed = |error: &dyn std::error::Error| format!("{}: {error}", file.display());
    let text = fs::read_to_string(file).map_err(|error| failed(&error))?;
    let value: Value = serde_json::from_str(&text).map_err(|error| failed(&error))?;
    if value["format"] != FORMAT {
        return Err(format!("{}: format {}, not {FORMAT}", file.display(), value["format"]));
    }
    serde_json::from_value(value).map_err(|error| failed(&error))
}
