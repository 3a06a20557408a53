//! Calls of the generated clients by the names of methods, with requests and answers in JSON.

use std::pin::Pin;
use std::time::Duration;

use backscroll_client::retry::{Retry, RetryPolicies};
use backscroll_client::tonic::metadata::{AsciiMetadataKey, KeyAndValueRef, MetadataMap};
use backscroll_client::tonic::transport::{self, Certificate, ClientTlsConfig, Endpoint};
use backscroll_client::tonic::{Request, Response, Status, Streaming};
use backscroll_client::tonic_types::StatusExt;
use futures_util::stream::{self, Stream, StreamExt};
use prost::Message;
use prost_reflect::{DescriptorPool, DeserializeOptions, DynamicMessage, MessageDescriptor, MethodDescriptor, SerializeOptions};
use serde_json::{Map, Value, json};

use crate::files::Metadata;

type Channel = Retry<transport::Channel>;

/// Something that a call brings: metadata, or an answer, which is of `M`.
pub enum Part<M> {
    Metadata(Metadata),
    Message(M),
}

type Parts<M> = Pin<Box<dyn Stream<Item = Result<Part<M>, Status>> + Send>>;
type Encoded = Parts<Vec<u8>>;

/// The answers of a call, in order. Dropping it cancels the call.
pub type Answers = Parts<Value>;

/// The server under test, and the methods that it has.
pub struct Target {
    channel: Channel,
    package: String,
    descriptors: DescriptorPool,
}

impl Target {
    /// Connects to an address, over TLS if there are certificates.
    pub async fn connect(
        address: &str,
        package: String,
        certificates: Option<String>,
        policies: RetryPolicies,
    ) -> Result<Self, String> {
        let scheme = if certificates.is_some() { "https" } else { "http" };
        let failed = |error: transport::Error| format!("{address}: {error:?}");
        let mut endpoint = Endpoint::from_shared(format!("{scheme}://{address}")).map_err(failed)?;
        if let Some(pem) = certificates {
            let tls = ClientTlsConfig::new().ca_certificate(Certificate::from_pem(pem));
            endpoint = endpoint.tls_config(tls).map_err(failed)?;
        }
        let channel = Retry::new(endpoint.connect().await.map_err(failed)?, policies);
        let descriptors = DescriptorPool::decode(backscroll_client::FILE_DESCRIPTOR_SET).map_err(|error| error.to_string())?;
        Ok(Self { channel, package, descriptors })
    }

    /// Returns the method that a scenario calls SERVICE/METHOD.
    pub fn method(&self, name: &str) -> Result<MethodDescriptor, String> {
        let (service, method) = name.split_once('/').unwrap_or_default();
        let service = self.descriptors.get_service_by_name(&format!("{}.{service}", self.package));
        let found = service.and_then(|service| service.methods().find(|found| found.name() == method));
        found.ok_or_else(|| format!("no such method: {name}"))
    }

    /// Starts a call, and returns what it brings.
    pub async fn call(&self, method: &MethodDescriptor, requests: Requests) -> Result<Answers, Status> {
        let path = format!("{}/{}", method.parent_service().full_name(), method.name());
        let answers = dispatch(self.channel.clone(), &path, requests).await?;
        let output = method.output();
        Ok(Box::pin(answers.map(move |part| match part? {
            Part::Metadata(metadata) => Ok(Part::Metadata(metadata)),
            Part::Message(bytes) => decode(&output, &bytes).map(Part::Message).map_err(Status::internal),
        })))
    }
}

include!(concat!(env!("OUT_DIR"), "/dispatch.rs"));

/// The encoded requests of a call, with its metadata and its deadline.
pub struct Requests {
    messages: Vec<Vec<u8>>,
    metadata: MetadataMap,
    timeout: Option<Duration>,
}

impl Requests {
    /// Encodes requests that are given in JSON.
    pub fn encode(
        method: &MethodDescriptor,
        requests: &[Value],
        metadata: &Metadata,
        timeout: Option<Duration>,
    ) -> Result<Self, String> {
        let input = method.input();
        let messages = requests.iter().map(|request| {
            let message = DynamicMessage::deserialize_with_options(input.clone(), request, &DeserializeOptions::new());
            message.map(|message| message.encode_to_vec()).map_err(|error| format!("not a {}: {error}", input.name()))
        });
        let mut map = MetadataMap::new();
        for (key, value) in metadata {
            let key: AsciiMetadataKey = key.parse().map_err(|_| format!("not a key of metadata: {key}"))?;
            let value = value.parse().map_err(|_| format!("not a value of metadata: that of {key}"))?;
            map.insert(key, value);
        }
        Ok(Self { messages: messages.collect::<Result<_, _>>()?, metadata: map, timeout })
    }

    fn one<T: Message + Default>(self) -> Result<Request<T>, Status> {
        let message = decode_generated(self.messages.first().map_or(&[], Vec::as_slice))?;
        Ok(self.around(message))
    }

    fn many<T: Message + Default>(self) -> Result<Request<impl Stream<Item = T>>, Status> {
        let messages = self.messages.iter().map(|message| decode_generated(message)).collect::<Result<Vec<T>, _>>()?;
        Ok(self.around(stream::iter(messages)))
    }

    fn around<T>(self, content: T) -> Request<T> {
        let mut request = Request::new(content);
        *request.metadata_mut() = self.metadata;
        if let Some(timeout) = self.timeout {
            request.set_timeout(timeout);
        }
        request
    }
}

/// Returns what is compared of an error: its status, reason, field, metadata and retry.
pub fn error_value(status: &Status) -> Value {
    let mut value = json!({"status": status_name(status), "retry": status.get_details_retry_info().is_some()});
    if let Some(info) = status.get_details_error_info() {
        value["reason"] = info.reason.into();
        value["metadata"] = info.metadata.into_iter().collect();
    }
    if let Some(violation) = status.get_details_bad_request().and_then(|fault| fault.field_violations.into_iter().next()) {
        value["field"] = violation.field.into();
    }
    value
}

/// Returns the text metadata of a map.
pub fn texts(map: &MetadataMap) -> Metadata {
    map.iter()
        .filter_map(|entry| match entry {
            KeyAndValueRef::Ascii(key, value) => Some((key.to_string(), value.to_str().ok()?.to_owned())),
            KeyAndValueRef::Binary(..) => None,
        })
        .collect()
}

/// Adds an answer to those before: lists one after another, of everything else the last.
pub fn put_together(all: &mut Map<String, Value>, answer: Value) {
    let Value::Object(fields) = answer else { return };
    for (name, value) in fields {
        match (all.get_mut(&name), value) {
            (Some(Value::Array(elements)), Value::Array(further)) => elements.extend(further),
            (_, value) => drop(all.insert(name, value)),
        }
    }
}

/// Returns the name of a status as gRPC writes it: `NOT_FOUND`.
fn status_name(status: &Status) -> String {
    let mut name = String::new();
    for letter in format!("{:?}", status.code()).chars() {
        if letter.is_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.push(letter.to_ascii_uppercase());
    }
    name
}

fn answer<T: Message>(response: Response<T>) -> Encoded {
    let (metadata, message, _) = response.into_parts();
    let parts = [Part::Metadata(texts(&metadata)), Part::Message(message.encode_to_vec())];
    Box::pin(stream::iter(parts.map(Ok)))
}

fn answers<T: Message + 'static>(response: Response<Streaming<T>>) -> Encoded {
    let (metadata, mut messages, _) = response.into_parts();
    Box::pin(async_stream::try_stream! {
        yield Part::Metadata(texts(&metadata));
        while let Some(message) = messages.message().await? {
            yield Part::Message(message.encode_to_vec());
        }
        if let Some(trailers) = messages.trailers().await? {
            yield Part::Metadata(texts(&trailers));
        }
    })
}

fn decode_generated<T: Message + Default>(bytes: &[u8]) -> Result<T, Status> {
    T::decode(bytes).map_err(|error| Status::internal(error.to_string()))
}

fn decode(descriptor: &MessageDescriptor, bytes: &[u8]) -> Result<Value, String> {
    let message = DynamicMessage::decode(descriptor.clone(), bytes).map_err(|error| error.to_string())?;
    let options = SerializeOptions::new().use_proto_field_name(true);
    message.serialize_with_options(serde_json::value::Serializer, &options).map_err(|error| error.to_string())
}
