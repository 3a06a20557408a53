//! Runs the scenarios of the contract against a server, through the generated client.

mod calls;
mod expectations;
mod files;
mod placeholders;
mod report;
mod steps;
mod streams;

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use backscroll_client::retry::RetryPolicies;
use futures_util::stream::{self, StreamExt};

use calls::Target;
use report::Report;
use steps::Context;

const USAGE: &str = "usage: contract-runner --target HOST:PORT --scenarios FOLDER --report FILE [--tls-ca FILE] \
    [--credentials FILE] [--service-config FILE] [--only TEXT] [--parallel NUMBER]";
const DEFAULT_PARALLEL: usize = 8;

/// The options of the command line.
#[derive(Default)]
struct Options {
    target: Option<String>,
    scenarios: Option<PathBuf>,
    report: Option<PathBuf>,
    tls_ca: Option<PathBuf>,
    credentials: Option<PathBuf>,
    service_config: Option<PathBuf>,
    only: Option<String>,
    parallel: Option<usize>,
}

impl Options {
    fn read(mut arguments: impl Iterator<Item = String>) -> Option<Self> {
        let mut options = Self::default();
        while let Some(option) = arguments.next() {
            let value = arguments.next()?;
            match option.as_str() {
                "--target" => options.target = Some(value),
                "--scenarios" => options.scenarios = Some(value.into()),
                "--report" => options.report = Some(value.into()),
                "--tls-ca" => options.tls_ca = Some(value.into()),
                "--credentials" => options.credentials = Some(value.into()),
                "--service-config" => options.service_config = Some(value.into()),
                "--only" => options.only = Some(value),
                "--parallel" => options.parallel = Some(value.parse().ok().filter(|parallel| *parallel > 0)?),
                _ => return None,
            }
        }
        Some(options)
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run().await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(why) => {
            eprintln!("{why}");
            ExitCode::from(2)
        }
    }
}

/// Runs what the command line names, and returns whether no scenario failed; fails if that cannot begin.
async fn run() -> Result<bool, String> {
    let options = Options::read(std::env::args().skip(1)).ok_or(USAGE)?;
    let folder = options.scenarios.ok_or(USAGE)?;
    let (address, report_file) = (options.target.ok_or(USAGE)?, options.report.ok_or(USAGE)?);
    let suite = files::suite(&folder)?;
    let mut scenarios = files::scenarios(&folder)?;
    scenarios.retain(|scenario| options.only.as_ref().is_none_or(|only| scenario.name.contains(only)));
    let credentials = options.credentials.as_deref().map(files::credentials).transpose()?.unwrap_or_default();
    let certificates = options.tls_ca.as_ref().map(text).transpose()?;
    let policies = match &options.service_config {
        Some(file) => RetryPolicies::from_json(&text(file)?).map_err(|error| error.to_string())?,
        None => RetryPolicies::default(),
    };
    let target = Target::connect(&address, suite.package.clone(), certificates, policies).await?;
    let context = Context::new(target, suite, credentials);

    let runs = scenarios.iter().map(async |scenario| {
        let begin = Instant::now();
        (scenario, context.run(scenario).await, begin.elapsed())
    });
    let mut outcomes = stream::iter(runs).buffered(options.parallel.unwrap_or(DEFAULT_PARALLEL));
    let mut report = Report::default();
    while let Some((scenario, outcome, time)) = outcomes.next().await {
        report.add(&scenario.name, outcome, time);
    }
    report.write(&report_file)
}

fn text(file: &PathBuf) -> Result<String, String> {
    fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))
}
