//! Retries of calls, after the retry policies of a gRPC service config.
//!
//! [`Retry`] goes between a generated client and its channel:
//!
//! ```no_run
//! use backscroll_client::retry::{Retry, RetryPolicies};
//! use backscroll_client::{tonic::transport::Channel, v1::user_service_client::UserServiceClient};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let channel = Channel::from_static("http://127.0.0.1:50051").connect_lazy();
//! let users = UserServiceClient::new(Retry::new(channel, RetryPolicies::of_contract()));
//! # Ok(())
//! # }
//! ```

use std::collections::HashMap;
use std::error::Error;
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, HeaderValue, Request, Response};
use http_body::Frame;
use http_body_util::{BodyExt, Full};
use serde_json::Value;
use tokio::time::{Instant, sleep};
use tonic::body::Body;
use tonic::{Code, Status};
use tower_service::Service;

const CONTRACT: &str = include_str!("../grpc_service_config.json");
const TIMEOUT: &str = "grpc-timeout";
const PREVIOUS_ATTEMPTS: &str = "grpc-previous-rpc-attempts";
const PUSHBACK: &str = "grpc-retry-pushback-ms";

/// Most attempts of a call, whatever its policy says.
const MOST_ATTEMPTS: u64 = 5;
/// Most bytes of a request that are kept for another attempt; a larger request is sent once.
const MOST_KEPT: usize = 4 << 20;
/// A wait is up to this part shorter or longer than the policy says.
const JITTER: f64 = 0.2;
/// The greatest number that `grpc-timeout` can hold.
const MOST_TIMEOUT: u128 = 99_999_999;

/// A service config that cannot be read.
#[derive(Debug)]
pub struct ConfigError(String);

impl fmt::Display for ConfigError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "service config: {}", self.0)
    }
}

impl Error for ConfigError {}

/// Retry policies by method. Calls of methods without one are not retried.
#[derive(Clone, Debug, Default)]
pub struct RetryPolicies(Arc<HashMap<String, Policy>>);

impl RetryPolicies {
    /// Returns the policies of the contract: methods that are safe to retry in any case are, on `UNAVAILABLE`.
    pub fn of_contract() -> Self {
        Self::from_json(CONTRACT).expect("the package's own config is valid")
    }

    /// Returns the policies of a gRPC service config in JSON.
    ///
    /// # Errors
    ///
    /// If it is not JSON, or a retry policy lacks a key or has a value that is not allowed.
    pub fn from_json(config: &str) -> Result<Self, ConfigError> {
        let config: Value = serde_json::from_str(config).map_err(|error| ConfigError(error.to_string()))?;
        let mut policies = HashMap::new();
        for method_config in list(&config["methodConfig"]) {
            let Some(policy) = method_config.get("retryPolicy") else { continue };
            let policy = Policy::from_json(policy).ok_or_else(|| ConfigError(format!("not a retry policy: {policy}")))?;
            for name in list(&method_config["name"]) {
                let part = |key| name[key].as_str().unwrap_or_default();
                policies.insert(format!("/{}/{}", part("service"), part("method")), policy.clone());
            }
        }
        Ok(Self(Arc::new(policies)))
    }

    /// Returns the policy for a path, `/SERVICE/METHOD`: that of the method, of its service, or of all services.
    fn of_path(&self, path: &str) -> Option<&Policy> {
        let service = path.rfind('/').map_or("", |end| &path[..=end]);
        [path, service, "//"].into_iter().find_map(|name| self.0.get(name))
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

#[derive(Clone, Debug)]
struct Policy {
    attempts: u64,
    initial_backoff: f64,
    max_backoff: f64,
    multiplier: f64,
    codes: Vec<Code>,
}

impl Policy {
    fn from_json(policy: &Value) -> Option<Self> {
        let seconds = |key| policy[key].as_str()?.strip_suffix('s')?.parse().ok().filter(|seconds| *seconds > 0.0);
        let read = Self {
            attempts: policy["maxAttempts"].as_u64().filter(|attempts| *attempts > 1)?.min(MOST_ATTEMPTS),
            initial_backoff: seconds("initialBackoff")?,
            max_backoff: seconds("maxBackoff")?,
            multiplier: policy["backoffMultiplier"].as_f64().filter(|multiplier| *multiplier > 0.0)?,
            codes: list(&policy["retryableStatusCodes"]).iter().map(code).collect::<Option<_>>()?,
        };
        (!read.codes.is_empty()).then_some(read)
    }

    /// Returns the time to wait after a failed attempt, the first of which is 1; none if there is to be no other.
    fn wait_after(&self, attempt: u64, failure: &Failure) -> Option<Duration> {
        if attempt >= self.attempts || !self.codes.contains(&failure.code) {
            return None;
        }
        match &failure.pushback {
            Some(milliseconds) => milliseconds.to_str().ok()?.parse().ok().map(Duration::from_millis),
            None => {
                let grown = self.initial_backoff * self.multiplier.powf((attempt - 1) as f64);
                let jitter = 1.0 + JITTER * (2.0 * fastrand::f64() - 1.0);
                Some(Duration::from_secs_f64(grown.min(self.max_backoff) * jitter))
            }
        }
    }
}

/// Returns the status code that a config names by its name or number.
fn code(value: &Value) -> Option<Code> {
    let named = |name: &str| (0..=16).map(Code::from_i32).find(|code| format!("{code:?}").eq_ignore_ascii_case(name));
    match value {
        Value::String(name) => named(&name.replace('_', "")),
        _ => value.as_i64().filter(|number| (0..=16).contains(number)).map(|number| Code::from_i32(number as i32)),
    }
}

/// The end of an attempt before the server answered anything.
struct Failure {
    code: Code,
    pushback: Option<HeaderValue>,
}

impl Failure {
    /// Returns the failure of an attempt; none if an answer has begun, since the call is then the caller's.
    fn of(outcome: &Result<Response<Body>, Status>) -> Option<Self> {
        match outcome {
            Err(status) => Some(Self { code: status.code(), pushback: None }),
            Ok(response) => {
                let headers = response.headers();
                let code = Status::from_header_map(headers)?.code();
                Some(Self { code, pushback: headers.get(PUSHBACK).cloned() })
            }
        }
    }
}

/// A channel whose calls are retried, within their deadlines.
///
/// A connection that was lost is `UNAVAILABLE` here, and a deadline that passed `DEADLINE_EXCEEDED`, as gRPC has it; tonic
/// alone reports others. A request that cannot be encoded, which includes one that is too large, ends the call with its own
/// status.
#[derive(Clone, Debug)]
pub struct Retry<S> {
    inner: S,
    policies: RetryPolicies,
}

impl<S> Retry<S> {
    /// Returns the channel with retries. The default of the policies retries nothing.
    pub fn new(channel: S, policies: RetryPolicies) -> Self {
        Self { inner: channel, policies }
    }
}

impl<S> Service<Request<Body>> for Retry<S>
where
    S: Service<Request<Body>, Response = Response<Body>> + Clone + Send + 'static,
    S::Error: Into<Box<dyn Error + Send + Sync>>,
    S::Future: Send,
{
    type Response = Response<Body>;
    type Error = Status;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, Status>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Status>> {
        // Each attempt waits for the channel by itself.
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let Self { inner, policies } = self.clone();
        // A connection reports only that a request failed, not with which error.
        let failure = Arc::new(OnceLock::new());
        let noted = failure.clone();
        let note = move |error: Status| noted.get_or_init(|| error).clone();
        let request = request.map(|body| Body::new(body.map_err(note)));
        Box::pin(async move {
            let outcome = match policies.of_path(request.uri().path()) {
                Some(policy) => attempts(inner, policy, request).await,
                None => attempt(&mut inner.clone(), request).await,
            };
            let response = outcome.map_err(|status| failure.get().cloned().unwrap_or(status))?;
            Ok(response.map(|body| Body::new(body.map_err(|error| lost(&error)))))
        })
    }
}

async fn attempts<S>(mut channel: S, policy: &Policy, request: Request<Body>) -> Result<Response<Body>, Status>
where
    S: Service<Request<Body>, Response = Response<Body>>,
    S::Error: Into<Box<dyn Error + Send + Sync>>,
{
    let deadline = timeout(request.headers()).map(|timeout| Instant::now() + timeout);
    let (mut head, body) = request.into_parts();
    let kept = match keep(body).await? {
        Kept::Whole(bytes) => bytes,
        Kept::Part(body) => return attempt(&mut channel, Request::from_parts(head, body)).await,
    };
    for number in 1.. {
        let request = Request::from_parts(head.clone(), Body::new(Full::new(kept.clone())));
        let outcome = attempt(&mut channel, request).await;
        let Some(wait) = Failure::of(&outcome).and_then(|failure| policy.wait_after(number, &failure)) else {
            return outcome;
        };
        if let Some(deadline) = deadline {
            let left = deadline.saturating_duration_since(Instant::now()).saturating_sub(wait);
            if left.is_zero() {
                return Err(Status::deadline_exceeded("the deadline passes before the next attempt"));
            }
            let milliseconds = left.as_millis().clamp(1, MOST_TIMEOUT);
            head.headers.insert(TIMEOUT, header(format!("{milliseconds}m")));
        }
        sleep(wait).await;
        head.headers.insert(PREVIOUS_ATTEMPTS, header(number.to_string()));
    }
    unreachable!("a policy ends the attempts")
}

async fn attempt<S>(channel: &mut S, request: Request<Body>) -> Result<Response<Body>, Status>
where
    S: Service<Request<Body>, Response = Response<Body>>,
    S::Error: Into<Box<dyn Error + Send + Sync>>,
{
    let failed = |error: S::Error| status_of(error.into());
    poll_fn(|context| channel.poll_ready(context)).await.map_err(failed)?;
    channel.call(request).await.map_err(failed)
}

/// Returns the status of a call that ended without an answer of the server.
fn status_of(error: Box<dyn Error + Send + Sync>) -> Status {
    let mut source: Option<&(dyn Error + 'static)> = Some(&*error);
    while let Some(error) = source {
        if error.is::<tonic::TimeoutExpired>() {
            return Status::deadline_exceeded(error.to_string());
        }
        source = error.source();
    }
    match error.downcast::<Status>() {
        Ok(status) => *status,
        Err(error) => lost(&*error),
    }
}

fn lost(error: &(dyn Error + 'static)) -> Status {
    let (mut text, mut source) = (error.to_string(), error.source());
    while let Some(cause) = source {
        text += &format!(": {cause}");
        source = cause.source();
    }
    Status::unavailable(format!("connection lost: {text}"))
}

fn header(value: String) -> HeaderValue {
    HeaderValue::from_str(&value).expect("digits and letters are valid in a header")
}

/// Returns the time that a call may take, which its header holds as a number and a unit.
fn timeout(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get(TIMEOUT)?.to_str().ok()?;
    let (number, unit) = value.split_at_checked(value.len().checked_sub(1)?)?;
    let number: u64 = number.parse().ok()?;
    match unit {
        "H" => Some(Duration::from_secs(number * 3600)),
        "M" => Some(Duration::from_secs(number * 60)),
        "S" => Some(Duration::from_secs(number)),
        "m" => Some(Duration::from_millis(number)),
        "u" => Some(Duration::from_micros(number)),
        "n" => Some(Duration::from_nanos(number)),
        _ => None,
    }
}

enum Kept {
    Whole(Bytes),
    Part(Body),
}

/// Reads a request to its end, or until it is too large to be kept.
async fn keep(mut body: Body) -> Result<Kept, Status> {
    let mut bytes = BytesMut::new();
    while let Some(frame) = body.frame().await {
        if let Ok(data) = frame?.into_data() {
            bytes.extend_from_slice(&data);
        }
        if bytes.len() > MOST_KEPT {
            return Ok(Kept::Part(Body::new(Resumed { begun: Some(bytes.freeze()), rest: body })));
        }
    }
    Ok(Kept::Whole(bytes.freeze()))
}

/// A body whose beginning was read already.
struct Resumed {
    begun: Option<Bytes>,
    rest: Body,
}

impl http_body::Body for Resumed {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        match self.begun.take() {
            Some(bytes) => Poll::Ready(Some(Ok(Frame::data(bytes)))),
            None => Pin::new(&mut self.rest).poll_frame(context),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.begun.is_none() && self.rest.is_end_stream()
    }
}
