//! Sends, pages and watches. Arguments: HOST:PORT and the id of a user that nobody used before.

use std::error::Error;

use backscroll::v1::{
    Content, ConversationReference, ConversationTarget, ConversationType, ListMessagesRequest, Message, OutgoingMessage,
    SearchDirection, SendMessageRequest, SendMessageResponse, TextContent, WatchEventsRequest, content,
    conversation_reference::Reference, event, event_service_client::EventServiceClient,
    message_service_client::MessageServiceClient,
};
use tonic::transport::Channel;

mod backscroll {
    pub mod v1 {
        tonic::include_proto!("backscroll.v1");
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, address, user] = arguments.as_slice() else {
        return Err("usage: sample HOST:PORT USER_ID".into());
    };
    let channel = Channel::from_shared(format!("http://{address}"))?.connect().await?;
    let mut messages = MessageServiceClient::new(channel.clone());

    let first = send(&mut messages, user, "one").await?;
    let conversation_id = first.message.ok_or("no message in the response")?.conversation_id;
    let page = |direction: SearchDirection, page_token: String| ListMessagesRequest {
        user_id: user.clone(),
        conversation: Some(ConversationReference { reference: Some(Reference::ConversationId(conversation_id.clone())) }),
        direction: direction.into(),
        page_size: 1, // So that there is a second page.
        page_token,
        ..Default::default()
    };
    let before = messages.list_messages(page(SearchDirection::Up, String::new())).await?.into_inner();
    for duplicate in [false, true] {
        if send(&mut messages, user, "two").await?.duplicate != duplicate {
            return Err(format!("duplicate is not {duplicate}").into());
        }
    }

    for (direction, expected) in [(SearchDirection::Up, ["two", "one"]), (SearchDirection::Down, ["one", "two"])] {
        let (mut texts, mut token) = (Vec::new(), String::new());
        loop {
            let response = messages.list_messages(page(direction, token)).await?.into_inner();
            texts.extend(response.messages.iter().map(|message| text_of(message).to_owned()));
            token = response.next_page_token;
            if token.is_empty() {
                break;
            }
        }
        if texts != expected {
            return Err(format!("paging {direction:?} gave {texts:?}, not {expected:?}").into());
        }
    }

    let request = WatchEventsRequest { user_id: user.clone(), resume_token: before.resume_token };
    let mut stream = EventServiceClient::new(channel).watch_events(request).await?.into_inner();
    while let Some(response) = stream.message().await? {
        for event in response.events {
            if let Some(event::Kind::MessageReceived(received)) = event.kind {
                match received.message.as_ref().map(text_of) {
                    Some("two") => println!("sent, paged, watched"),
                    other => return Err(format!("the watch delivered {other:?}, not \"two\"").into()),
                }
                return Ok(());
            }
        }
    }
    Err("the watch ended without the message".into())
}

async fn send(
    messages: &mut MessageServiceClient<Channel>,
    user: &str,
    text: &str,
) -> Result<SendMessageResponse, tonic::Status> {
    let target = ConversationTarget {
        r#type: ConversationType::Single.into(),
        id: format!("{user}-friend"),
        ..Default::default()
    };
    let content = Content { kind: Some(content::Kind::Text(TextContent { text: text.into() })) };
    let request = SendMessageRequest {
        user_id: user.into(),
        conversation: Some(ConversationReference { reference: Some(Reference::Target(target)) }),
        message: Some(OutgoingMessage {
            content: Some(content),
            client_message_id: text.into(),
            ..Default::default()
        }),
        ..Default::default()
    };
    Ok(messages.send_message(request).await?.into_inner())
}

fn text_of(message: &Message) -> &str {
    match message.content.as_ref().and_then(|content| content.kind.as_ref()) {
        Some(content::Kind::Text(text)) => &text.text,
        _ => "",
    }
}
