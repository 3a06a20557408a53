//! The steps of a scenario, one after another.

use std::cell::RefCell;
use std::collections::HashMap;
use std::time::Duration;

use backscroll_client::tonic::Status;
use futures_util::StreamExt;
use serde_json::{Map, Value};
use tokio::time::{sleep, timeout};

use crate::calls::{Part, Requests, Target, error_value, put_together, texts};
use crate::expectations::check;
use crate::files::{Credentials, KnownUser, Metadata, Scenario, Shape, Step, Suite};
use crate::placeholders::Names;
use crate::report::Outcome;
use crate::streams::OpenStream;

/// The parts that all scenarios share.
pub struct Context {
    target: Target,
    shapes: HashMap<String, Shape>,
    has: Vec<String>,
    callers: HashMap<String, Metadata>,
    users: RefCell<std::vec::IntoIter<KnownUser>>,
}

impl Context {
    pub fn new(target: Target, suite: Suite, credentials: Credentials) -> Self {
        let Credentials { has, callers, users } = credentials;
        Self { target, shapes: suite.streams, has, callers, users: RefCell::new(users.into_iter()) }
    }

    /// Runs a scenario, unless the target lacks what it needs.
    pub async fn run(&self, scenario: &Scenario) -> Outcome {
        if let Some(need) = scenario.needs.iter().find(|need| !self.has.contains(need)) {
            return Outcome::NotRun(need.clone());
        }
        match Run::new(self, scenario) {
            Err(why) => Outcome::Failed(why),
            Ok(mut run) => {
                for (number, step) in (1..).zip(&scenario.steps) {
                    if let Err(why) = run.step(step).await {
                        return Outcome::Failed(format!("step {number}: {why}"));
                    }
                }
                Outcome::Passed
            }
        }
    }
}

/// A scenario that runs.
struct Run<'a> {
    context: &'a Context,
    names: Names,
    users: HashMap<&'a str, Metadata>,
    streams: HashMap<&'a str, OpenStream>,
}

impl<'a> Run<'a> {
    fn new(context: &'a Context, scenario: &'a Scenario) -> Result<Self, String> {
        let (mut names, mut users) = (Names::default(), HashMap::new());
        for name in &scenario.users {
            let known = context.users.borrow_mut().next();
            let user = known.unwrap_or_else(|| KnownUser { user_id: random(name), metadata: Metadata::new() });
            names.add(name.clone(), user.user_id)?;
            users.insert(name.as_str(), user.metadata);
        }
        for name in &scenario.ids {
            names.add(name.clone(), random("id"))?;
        }
        Ok(Self { context, names, users, streams: HashMap::new() })
    }

    async fn step(&mut self, step: &'a Step) -> Result<(), String> {
        match step {
            Step { call: Some(method), .. } => self.call(step, method).await,
            Step { open: Some(method), .. } => self.open(step, method).await,
            Step { receive: Some(stream), .. } => self.receive(step, stream).await,
            Step { end: Some(stream), .. } => self.end(step, stream).await,
            Step { close: Some(stream), .. } => self.taken(stream).map(drop),
            Step { wait: Some(seconds), .. } => {
                sleep(Duration::from_secs_f64(*seconds)).await;
                Ok(())
            }
            _ => Err("a step that does nothing".into()),
        }
    }

    async fn call(&mut self, step: &Step, method: &str) -> Result<(), String> {
        let within = within(step);
        let method = self.context.target.method(method)?;
        let requests = match self.names.expand_request(step.requests.as_ref().unwrap_or(&step.request))? {
            Value::Array(requests) => requests,
            request => vec![request],
        };
        let requests = Requests::encode(&method, &requests, &self.metadata(step)?, Some(within))?;
        let target = &self.context.target;
        let (mut answer, mut metadata) = (Map::new(), Metadata::new());
        let whole = async {
            let mut parts = target.call(&method, requests).await?;
            while let Some(part) = parts.next().await {
                match part? {
                    Part::Metadata(further) => metadata.extend(further),
                    Part::Message(message) => put_together(&mut answer, message),
                }
            }
            Ok(())
        };
        let ended = timeout(within, whole).await;
        let ended = ended.unwrap_or_else(|_| Err(Status::deadline_exceeded(format!("no end within {} s", step.within))));
        if let Err(status) = &ended {
            metadata.extend(texts(status.metadata()));
        }
        self.ended(step, ended)?;
        self.meets(step.expect.as_ref(), &Value::Object(answer), "answer")?;
        let metadata = metadata.into_iter().collect();
        self.meets(step.answer_metadata.as_ref(), &metadata, "answer_metadata")
    }

    async fn open(&mut self, step: &'a Step, name: &str) -> Result<(), String> {
        let method = self.context.target.method(name)?;
        let request = self.names.expand_request(&step.request)?;
        let requests = Requests::encode(&method, &[request], &self.metadata(step)?, None)?;
        let opened = timeout(within(step), async {
            let answers = self.context.target.call(&method, requests).await?;
            let mut stream = OpenStream::new(answers, self.context.shapes.get(name).cloned());
            Ok::<_, Status>((stream.next().await?, stream))
        });
        let opened = opened.await.map_err(|_| format!("no answer within {} s", step.within))?;
        let (first, stream) = opened.map_err(|status| failure(&status))?;
        let first = first.ok_or("the stream ended without an answer")?;
        self.meets(step.expect.as_ref(), &first, "answer")?;
        let name = step.stream.as_ref().ok_or("the stream has no name")?;
        match self.streams.insert(name, stream) {
            None => Ok(()),
            Some(_) => Err(format!("a stream {name} is open already")),
        }
    }

    async fn receive(&mut self, step: &'a Step, name: &'a str) -> Result<(), String> {
        let until = self.names.expand(step.until.as_ref().ok_or("nothing says until when")?)?;
        let mut stream = self.taken(name)?;
        let received = timeout(within(step), stream.receive(&until)).await;
        let received = received.map_err(|_| format!("within {} s {}", step.within, stream.missing(&until)))??;
        self.streams.insert(name, stream);
        self.meets(step.changes.as_ref(), &Value::Array(received.changes), "changes")?;
        for (index, state) in step.states.iter().enumerate() {
            let of = self.names.expand(&state.of)?;
            let last = received.states.iter().rfind(|value| check(&of, Some(value), "of").is_ok());
            let last = last.ok_or_else(|| format!("states[{index}]: none of {} met {of}", received.states.len()))?;
            self.meets(Some(&state.last), last, &format!("states[{index}].last"))?;
        }
        self.meets(step.until.as_ref(), &received.marker, "until")?;
        self.meets(step.answer.as_ref(), &received.answer, "answer")
    }

    async fn end(&mut self, step: &Step, name: &str) -> Result<(), String> {
        let mut stream = self.taken(name)?;
        let ended = timeout(within(step), stream.end()).await;
        let ended = ended.map_err(|_| format!("the stream did not end within {} s", step.within))?;
        self.ended(step, ended)
    }

    fn taken(&mut self, stream: &str) -> Result<OpenStream, String> {
        self.streams.remove(stream).ok_or_else(|| format!("no stream {stream} is open"))
    }

    /// Compares the end of a call or a stream with the error that the step names, or with success.
    fn ended(&mut self, step: &Step, ended: Result<(), Status>) -> Result<(), String> {
        match (ended, &step.error) {
            (Ok(()), None) => Ok(()),
            (Ok(()), Some(error)) => Err(format!("expected {error}, came success")),
            (Err(status), None) => Err(failure(&status)),
            (Err(status), Some(error)) => {
                let met = self.meets(Some(error), &error_value(&status), "error");
                met.map_err(|why| format!("{why}; the error was {}", failure(&status)))
            }
        }
    }

    /// Compares a value with an expectation, if there is one, and keeps what it captures.
    fn meets(&mut self, expected: Option<&Value>, actual: &Value, path: &str) -> Result<(), String> {
        let Some(expected) = expected else { return Ok(()) };
        for (name, value) in check(&self.names.expand(expected)?, Some(actual), path)? {
            self.names.add(name, value)?;
        }
        Ok(())
    }

    /// Returns the metadata of a call: the caller's and the step's.
    fn metadata(&self, step: &Step) -> Result<Metadata, String> {
        let caller = step.caller.as_str();
        let mut metadata = self.users.get(caller).or_else(|| self.context.callers.get(caller)).cloned().unwrap_or_default();
        if let Value::Object(further) = self.names.expand(&step.metadata)? {
            metadata.extend(further.into_iter().filter_map(|(key, value)| Some((key, value.as_str()?.to_owned()))));
        }
        Ok(metadata)
    }
}

fn within(step: &Step) -> Duration {
    Duration::from_secs_f64(step.within)
}

fn failure(status: &Status) -> String {
    format!("{} ({})", error_value(status), status.message())
}

fn random(name: &str) -> String {
    format!("{name}-{:016x}", fastrand::u64(..))
}
