#![doc = include_str!("../README.md")]

pub mod retry;
#[allow(clippy::all, missing_docs, rustdoc::all)]
#[rustfmt::skip]
pub mod v1;

pub use {prost_types, tonic, tonic_types};

/// The protos of this version, encoded as a `google.protobuf.FileDescriptorSet` with everything that they import.
pub const FILE_DESCRIPTOR_SET: &[u8] = include_bytes!("../backscroll.binpb");
