//! Compiles every file below `proto/medfund`, without `protoc`.

use std::path::{Path, PathBuf};
use std::{env, error::Error, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../proto").canonicalize()?;
    println!("cargo::rerun-if-changed={}", root.display());
    let mut files = Vec::new();
    find_protos(&root.join("medfund"), &mut files)?;
    files.sort();

    let mut compiler = protox::Compiler::new([&root])?;
    compiler.include_imports(true).include_source_info(true).open_files(files)?;
    // Unlike `protox::compile`, this keeps extension options: roles and HTTP rules.
    let descriptors = compiler.encode_file_descriptor_set();
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("descriptors.bin"), &descriptors)?;

    // Every message knows its full name, which is the kind of an event.
    let mut config = prost_build::Config::new();
    config.enable_type_names();
    tonic_prost_build::configure()
        .include_file("medfund.rs")
        .bytes(".medfund.feed.v1.Event.payload")
        .compile_fds_with_config(prost::Message::decode(descriptors.as_slice())?, config)?;
    Ok(())
}

fn find_protos(folder: &Path, found: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            find_protos(&path, found)?;
        } else if path.extension().is_some_and(|ending| ending == "proto") {
            found.push(path);
        }
    }
    Ok(())
}
