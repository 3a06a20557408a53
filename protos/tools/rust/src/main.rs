//! Writes what the Rust client has of the protos: `src/v1.rs`, with the comments, and the descriptor set `backscroll.binpb`.
//!
//! Usage: generate-rust PROTOS CRATE, the folders of the protos and of the crate.

use std::error::Error;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use prost::Message;

const PACKAGE: &str = "backscroll.v1";

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    let [protos, package] = arguments.as_slice() else {
        return Err("usage: generate-rust PROTOS CRATE".into());
    };
    let (protos, package) = (Path::new(protos), Path::new(package));
    let files = proto_files(&protos.join(PACKAGE.replace('.', "/")))?;

    let mut compiler = protox::Compiler::new([protos])?;
    compiler.include_imports(true).open_files(&files)?;
    fs::write(package.join("backscroll.binpb"), compiler.file_descriptor_set().encode_to_vec())?;

    compiler.include_source_info(true);
    let sources = package.join("src");
    fs::create_dir_all(&sources)?;
    tonic_prost_build::configure().build_server(false).out_dir(&sources).compile_fds(compiler.file_descriptor_set())?;
    fs::rename(sources.join(format!("{PACKAGE}.rs")), sources.join("v1.rs"))?;
    Ok(())
}

/// Returns the proto files of a folder, in the order of their names.
fn proto_files(folder: &Path) -> Result<Vec<PathBuf>, std::io::Error> {
    let mut files = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>, std::io::Error>>()?;
    files.retain(|file| file.extension().is_some_and(|extension| extension == "proto"));
    files.sort();
    Ok(files)
}
