//! Retries against a channel that answers what a test says.

use std::collections::VecDeque;
use std::future::{Ready, ready};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use backscroll_client::retry::{Retry, RetryPolicies};
use backscroll_client::tonic::codegen::{Service, tokio_stream};
use backscroll_client::tonic::{Code, Request, Status, body::Body, transport::Channel};
use backscroll_client::v1::message_service_client::MessageServiceClient;
use backscroll_client::v1::{GetMessageRequest, ImportMessagesRequest, SendMessageRequest};
use tokio::time::Instant;

/// A channel that fails each call with the next status, and then with `NOT_FOUND`.
#[derive(Clone, Default)]
struct Script {
    statuses: Arc<Mutex<VecDeque<Status>>>,
    calls: Arc<Mutex<Vec<http::HeaderMap>>>,
}

impl Service<http::Request<Body>> for Script {
    type Response = http::Response<Body>;
    type Error = Status;
    type Future = Ready<Result<http::Response<Body>, Status>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Status>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        self.calls.lock().unwrap().push(request.headers().clone());
        let status = self.statuses.lock().unwrap().pop_front();
        ready(Ok(status.unwrap_or_else(|| Status::not_found("the end")).into_http()))
    }
}

fn scripted(statuses: impl IntoIterator<Item = Status>) -> (Script, MessageServiceClient<Retry<Script>>) {
    let script = Script { statuses: Arc::new(Mutex::new(statuses.into_iter().collect())), ..Default::default() };
    (script.clone(), MessageServiceClient::new(Retry::new(script, RetryPolicies::of_contract())))
}

fn unavailable() -> Status {
    Status::unavailable("later")
}

fn pushed_back(milliseconds: &'static str) -> Status {
    let mut status = unavailable();
    status.metadata_mut().insert("grpc-retry-pushback-ms", milliseconds.parse().unwrap());
    status
}

async fn code_and_attempts(statuses: Vec<Status>) -> (Code, usize) {
    let (script, mut client) = scripted(statuses);
    let code = client.get_message(GetMessageRequest::default()).await.unwrap_err().code();
    let attempts = script.calls.lock().unwrap().len();
    (code, attempts)
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_safe_to_retry_is_repeated_up_to_its_attempts() {
    assert_eq!(code_and_attempts(vec![unavailable(), unavailable()]).await, (Code::NotFound, 3));
    assert_eq!(code_and_attempts(vec![unavailable(); 9]).await, (Code::Unavailable, 4));
    assert_eq!(code_and_attempts(vec![Status::internal("no")]).await, (Code::Internal, 1));
}

#[tokio::test(start_paused = true)]
async fn a_call_without_a_policy_is_sent_once() {
    let (script, mut client) = scripted([unavailable()]);
    let status = client.send_message(SendMessageRequest::default()).await.unwrap_err();
    assert_eq!((status.code(), script.calls.lock().unwrap().len()), (Code::Unavailable, 1));
}

#[tokio::test(start_paused = true)]
async fn pauses_grow_and_the_server_may_say_its_own() {
    let begin = Instant::now();
    code_and_attempts(vec![unavailable(), unavailable()]).await;
    let grown = begin.elapsed();
    assert!(grown > Duration::from_millis(235) && grown < Duration::from_millis(365), "{grown:?}");

    let begin = Instant::now();
    assert_eq!(code_and_attempts(vec![pushed_back("7000")]).await, (Code::NotFound, 2));
    assert_eq!(begin.elapsed().as_secs(), 7);
    assert_eq!(code_and_attempts(vec![pushed_back("-1")]).await, (Code::Unavailable, 1));
}

#[tokio::test(start_paused = true)]
async fn attempts_share_the_deadline_of_the_call() {
    let (script, mut client) = scripted([pushed_back("600"), pushed_back("600")]);
    let mut request = Request::new(GetMessageRequest::default());
    request.set_timeout(Duration::from_secs(1));
    let status = client.get_message(request).await.unwrap_err();
    assert_eq!(status.code(), Code::DeadlineExceeded);
    let calls = script.calls.lock().unwrap();
    assert_eq!(calls.len(), 2);
    assert_eq!(calls[1]["grpc-timeout"], "400m");
    assert_eq!(calls[1]["grpc-previous-rpc-attempts"], "1");
}

#[tokio::test(start_paused = true)]
async fn a_request_that_cannot_be_sent_is_not_repeated() {
    let (script, client) = scripted([unavailable()]);
    let part = |length| ImportMessagesRequest { user_id: "u".repeat(length), ..Default::default() };
    let parts = tokio_stream::iter([part(10), part(1_000)]);
    let status = client.max_encoding_message_size(100).import_messages(parts).await.unwrap_err();
    assert_eq!((status.code(), script.calls.lock().unwrap().len()), (Code::OutOfRange, 0));
}

#[tokio::test]
async fn a_request_that_cannot_be_sent_is_not_a_lost_connection() {
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", server.local_addr().unwrap());
    let channel = Retry::new(Channel::from_shared(address).unwrap().connect_lazy(), RetryPolicies::default());
    let mut client = MessageServiceClient::new(channel).max_encoding_message_size(100);
    let request = SendMessageRequest { user_id: "u".repeat(1_000), ..Default::default() };
    let status = client.send_message(request).await.unwrap_err();
    assert_eq!(status.code(), Code::OutOfRange, "{status}");
}

#[test]
fn a_config_that_is_wrong_is_refused() {
    let policy = r#"{"maxAttempts": 1, "initialBackoff": "1s", "maxBackoff": "1s", "backoffMultiplier": 2,
        "retryableStatusCodes": ["UNAVAILABLE"]}"#;
    for config in ["{", &format!(r#"{{"methodConfig": [{{"name": [{{}}], "retryPolicy": {policy}}}]}}"#)] {
        assert!(RetryPolicies::from_json(config).is_err(), "{config}");
    }
}
