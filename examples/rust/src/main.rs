//! Sends messages to a user while it follows the user's events, over lost connections and restarts of the server.
//!
//! Usage: follow USER PEER COUNT sends COUNT messages from PEER to USER and prints each that USER receives; before that, it pages
//! through the history of the two in both directions. The environment says where and how to call:
//! BACKSCROLL_ADDRESS (127.0.0.1:50051 by default), BACKSCROLL_TLS_CA (a file of certificates; plain text without it), and
//! BACKSCROLL_TOKEN (a service key or a token).

use std::collections::HashSet;
use std::env;
use std::error::Error;
use std::io::{Write, stdout};
use std::time::Duration;

use backscroll_client::retry::{Retry, RetryPolicies};
use backscroll_client::tonic::service::interceptor::InterceptedService;
use backscroll_client::tonic::transport::{Certificate, Channel, ClientTlsConfig, Endpoint};
use backscroll_client::tonic::{Code, Request, Status, metadata::AsciiMetadataValue};
use backscroll_client::tonic_types::StatusExt;
use backscroll_client::v1::{
    Content, ConversationReference, ConversationTarget, ConversationType, ListEventsRequest, ListMessagesRequest, Message,
    MessageReceived, OutgoingMessage, SearchDirection, SendMessageRequest, TextContent, WatchEventsRequest, content,
    conversation_reference::Reference, event, event_service_client::EventServiceClient,
    message_service_client::MessageServiceClient,
};
use tokio::time::sleep;

const INTERVAL: Duration = Duration::from_millis(100);
const DEADLINE: Duration = Duration::from_secs(10);
const SHORTEST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

type Caller = InterceptedService<Retry<Channel>, Credentials>;
type Credentials = Box<dyn FnMut(Request<()>) -> Result<Request<()>, Status>>;
type Failure = Box<dyn Error>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [user, peer, count] = arguments.as_slice() else { return Err("usage: follow USER PEER COUNT".into()) };
    let count: usize = count.parse()?;
    let channel = channel()?;

    for direction in [SearchDirection::Up, SearchDirection::Down] {
        let messages = history(&mut MessageServiceClient::new(caller(&channel)?), user, peer, direction).await?;
        eprintln!("{direction:?}: {} messages", messages.len());
    }
    // A watch from the token misses nothing that happens from now on.
    let now = ListEventsRequest { user_id: user.into(), ..Default::default() };
    let token = EventServiceClient::new(caller(&channel)?).list_events(with_deadline(now)).await?.into_inner().resume_token;
    let sends = async {
        let mut messages = MessageServiceClient::new(caller(&channel)?);
        for number in 1..=count {
            send(&mut messages, peer, user, &format!("message {number}")).await?;
            sleep(INTERVAL).await;
        }
        Ok(())
    };
    tokio::try_join!(sends, follow(&channel, user, peer, token, count))?;
    Ok(())
}

fn channel() -> Result<Channel, Failure> {
    let address = env::var("BACKSCROLL_ADDRESS").unwrap_or_else(|_| "127.0.0.1:50051".into());
    let endpoint = |scheme: &str| Endpoint::from_shared(format!("{scheme}://{address}"));
    let endpoint = match env::var("BACKSCROLL_TLS_CA") {
        Ok(file) => {
            endpoint("https")?.tls_config(ClientTlsConfig::new().ca_certificate(Certificate::from_pem(std::fs::read(file)?)))?
        }
        Err(_) => endpoint("http")?,
    };
    // Pings find out that a connection is dead, also while a stream waits.
    Ok(endpoint.http2_keep_alive_interval(Duration::from_secs(30)).keep_alive_timeout(DEADLINE).connect_lazy())
}

/// Returns a caller that retries what is always safe to retry, and gives the credentials with each call.
fn caller(channel: &Channel) -> Result<Caller, Failure> {
    let token: Option<AsciiMetadataValue> = match env::var("BACKSCROLL_TOKEN") {
        Ok(token) => Some(format!("Bearer {token}").parse()?),
        Err(_) => None,
    };
    let credentials = move |mut request: Request<()>| {
        if let Some(token) = &token {
            request.metadata_mut().insert("authorization", token.clone());
        }
        Ok(request)
    };
    let retries = Retry::new(channel.clone(), RetryPolicies::of_contract());
    Ok(InterceptedService::new(retries, Box::new(credentials)))
}

fn single(other: &str) -> Option<ConversationReference> {
    let target = ConversationTarget { r#type: ConversationType::Single.into(), id: other.into(), ..Default::default() };
    Some(ConversationReference { reference: Some(Reference::Target(target)) })
}

fn with_deadline<T>(message: T) -> Request<T> {
    let mut request = Request::new(message);
    request.set_timeout(DEADLINE);
    request
}

/// Sends a message once, however often its call has to be repeated.
async fn send(messages: &mut MessageServiceClient<Caller>, from: &str, to: &str, text: &str) -> Result<(), Failure> {
    let content = Content { kind: Some(content::Kind::Text(TextContent { text: text.into() })) };
    // Unique for the sender and the conversation, and the same for each attempt.
    let now = std::time::UNIX_EPOCH.elapsed()?.as_nanos();
    let message = OutgoingMessage { content: Some(content), client_message_id: format!("{text} {now}"), ..Default::default() };
    let request =
        SendMessageRequest { user_id: from.into(), conversation: single(to), message: Some(message), ..Default::default() };
    let mut pause = SHORTEST_PAUSE;
    loop {
        match messages.send_message(with_deadline(request.clone())).await {
            Ok(_) => return Ok(()),
            Err(status) if passes(&status) => pause = wait(&status, pause).await,
            Err(status) => return Err(status.into()),
        }
    }
}

/// Returns true for an error that is over when the server is there, has time or allows more.
fn passes(status: &Status) -> bool {
    matches!(status.code(), Code::Unavailable | Code::ResourceExhausted | Code::DeadlineExceeded)
}

/// Returns the whole history of two users, read up from the newest message or down from the oldest.
///
/// It is empty where they have no conversation yet.
async fn history(
    messages: &mut MessageServiceClient<Caller>,
    user: &str,
    peer: &str,
    direction: SearchDirection,
) -> Result<Vec<Message>, Status> {
    let mut page = ListMessagesRequest { user_id: user.into(), conversation: single(peer), ..Default::default() };
    page.set_direction(direction);
    let mut all = Vec::new();
    loop {
        let answer = match messages.list_messages(with_deadline(page.clone())).await {
            Ok(answer) => answer.into_inner(),
            Err(status) if status.code() == Code::NotFound => return Ok(all),
            Err(status) => return Err(status),
        };
        all.extend(answer.messages);
        page.page_token = answer.next_page_token;
        if page.page_token.is_empty() {
            return Ok(all);
        }
    }
}

/// Prints the messages that the user receives after a token, until there are as many as asked for.
async fn follow(channel: &Channel, user: &str, peer: &str, mut resume_token: String, count: usize) -> Result<(), Failure> {
    let mut events = EventServiceClient::new(caller(channel)?);
    let mut messages = MessageServiceClient::new(caller(channel)?);
    let (mut received, mut pause) = (HashSet::new(), SHORTEST_PAUSE);
    while received.len() < count {
        let request = WatchEventsRequest { user_id: user.into(), resume_token: resume_token.clone() };
        let watched = async {
            let mut stream = events.watch_events(request).await?.into_inner();
            while let Some(response) = stream.message().await? {
                pause = SHORTEST_PAUSE;
                let mut come = Vec::new();
                if resume_token.is_empty() {
                    // The watch has begun again: what was stored before is in the history alone.
                    come = history(&mut messages, user, peer, SearchDirection::Down).await?;
                }
                for event in response.events {
                    if let Some(event::Kind::MessageReceived(MessageReceived { message: Some(message) })) = event.kind {
                        come.push(message);
                    }
                }
                for message in come {
                    if received.insert(message.message_id.clone()) {
                        println!("received {}", message.message_id);
                        let _ = stdout().flush();
                    }
                }
                // What came is printed: a new watch goes on after it.
                resume_token = response.resume_token;
                if received.len() >= count {
                    return Ok(());
                }
            }
            Err(Status::unavailable("the server ended the watch"))
        };
        let Err(status) = watched.await else { break };
        match status.code() {
            _ if passes(&status) => pause = wait(&status, pause).await,
            Code::OutOfRange => {
                eprintln!("begins again: {}", status.message());
                resume_token.clear();
            }
            _ => return Err(status.into()),
        }
    }
    Ok(())
}

/// Waits as long as the server says, else for the pause, and returns the next pause.
async fn wait(status: &Status, pause: Duration) -> Duration {
    let said = status.get_details_retry_info().and_then(|retry| retry.retry_delay);
    eprintln!("{:?}: {}", status.code(), status.message());
    sleep(said.unwrap_or(pause)).await;
    (pause * 2).min(LONGEST_PAUSE)
}
