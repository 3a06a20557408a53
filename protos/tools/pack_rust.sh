#!/usr/bin/env bash
# Packs the Rust client as it would be published, and calls a server with it from an empty project; both are made in FOLDER.
# Usage: BACKSCROLL_ADDRESS=HOST:PORT protos/tools/pack_rust.sh FOLDER
# Needs: cargo.
set -euo pipefail
: "${BACKSCROLL_ADDRESS:?}"
mkdir -p "$1"
folder=$(cd "$1" && pwd)
root=$(cd "$(dirname "$0")/../.." && pwd)
export CARGO_TARGET_DIR=$root/.tools/rust

cargo package --quiet --locked --allow-dirty --no-verify --manifest-path "$root/generated/rust/Cargo.toml"
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' "$root/generated/rust/Cargo.toml")
cp "$CARGO_TARGET_DIR/package/backscroll-client-$version.crate" "$folder"
rm -rf "$folder/project"
mkdir -p "$folder/project/src"
tar -xzf "$folder/backscroll-client-$version.crate" -C "$folder"
# The versions that the package was built with.
cp "$folder/backscroll-client-$version/Cargo.lock" "$folder/project/Cargo.lock"

cat > "$folder/project/Cargo.toml" << END
[package]
name = "empty"
version = "0.0.0"
edition = "2024"

[dependencies]
backscroll-client = { path = "../backscroll-client-$version" }
tokio = { version = "1", features = ["macros", "rt"] }

[profile.dev]
debug = false
END
cat > "$folder/project/src/main.rs" << 'END'
use backscroll_client::tonic::transport::Endpoint;
use backscroll_client::v1::{GetUnreadSummaryRequest, user_service_client::UserServiceClient};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let address = format!("http://{}", std::env::var("BACKSCROLL_ADDRESS")?);
    let channel = Endpoint::from_shared(address)?.connect().await?;
    let request = GetUnreadSummaryRequest { user_id: "pack-rust".into(), ..Default::default() };
    let answer = UserServiceClient::new(channel).get_unread_summary(request).await?.into_inner();
    println!("answered: {}", answer.totals.unwrap_or_default().unread_count);
    Ok(())
}
END
cargo run --quiet --manifest-path "$folder/project/Cargo.toml"
