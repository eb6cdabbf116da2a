//! Turns the two interface descriptions into Rust. protox is a compiler in Rust,
//! so neither protoc nor cmake is needed to build the provider.

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=proto");
    let files = protox::compile(["proto/tfplugin6.proto", "proto/goplugin.proto"], ["proto"])?;
    tonic_prost_build::configure()
        // RPCs that are omitted answer UNIMPLEMENTED, which is how the protocol
        // spells "this provider is older than that feature".
        .generate_default_stubs(true)
        // The black-box tests talk to the built binary with these.
        .build_client(true)
        .build_transport(false)
        .codec_path("crate::plugin::codec::MessageCodec")
        // Sorted maps, so that the same schema is always the same bytes.
        .btree_map(".")
        .compile_fds(files)?;
    Ok(())
}
