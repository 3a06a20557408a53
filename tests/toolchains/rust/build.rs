//! Generates the client from the descriptor set that `BACKSCROLL_DESCRIPTORS` names, without protoc.

use prost::Message;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo:rerun-if-env-changed=BACKSCROLL_DESCRIPTORS");
    let path = std::env::var("BACKSCROLL_DESCRIPTORS")?;
    println!("cargo:rerun-if-changed={path}");
    let descriptors = prost_types::FileDescriptorSet::decode(std::fs::read(path)?.as_slice())?;
    tonic_prost_build::configure().build_server(false).compile_fds(descriptors)?;
    Ok(())
}
