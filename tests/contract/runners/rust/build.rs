//! Writes `dispatch.rs`: for the name of each method of the descriptor set, the call of the generated client.

use std::error::Error;
use std::fmt::Write;
use std::path::Path;
use std::{env, fs};

use heck::ToSnakeCase;
use prost::Message;
use prost_types::FileDescriptorSet;

const DESCRIPTORS: &str = "../../../../generated/rust/backscroll.binpb";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed={DESCRIPTORS}");
    let descriptors = FileDescriptorSet::decode(fs::read(DESCRIPTORS)?.as_slice())?;
    let mut arms = String::new();
    for file in &descriptors.file {
        let module = format!("backscroll_client::{}", last(file.package()));
        for service in &file.service {
            let client = format!("{module}::{}_client::{}Client", service.name().to_snake_case(), service.name());
            for method in &service.method {
                let path = format!("{}.{}/{}", file.package(), service.name(), method.name());
                let (name, request) = (method.name().to_snake_case(), last(method.input_type()));
                let takes = if method.client_streaming() { "many" } else { "one" };
                let gives = if method.server_streaming() { "answers" } else { "answer" };
                write!(
                    arms,
                    "{path:?} => {{ let mut client = {client}::new(channel).max_decoding_message_size(usize::MAX); \
                     {gives}(client.{name}(requests.{takes}::<{module}::{request}>()?).await?) }}\n"
                )?;
            }
        }
    }
    let function = format!(
        "async fn dispatch(channel: Channel, method: &str, requests: Requests) -> Result<Encoded, Status> {{\n\
         Ok(match method {{\n{arms}_ => return Err(Status::unimplemented(method)),\n}})\n}}\n"
    );
    fs::write(Path::new(&env::var("OUT_DIR")?).join("dispatch.rs"), function)?;
    Ok(())
}

/// Returns the last part of a name with dots.
fn last(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}
