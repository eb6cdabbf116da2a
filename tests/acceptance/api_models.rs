//! The extract of the API models that the unit tests of `src/aws/direct` are held against is what
//! botocore has.

use crate::support::lifeline::in_venv;
use std::path::Path;
use std::process::Command;

#[test]
fn the_extract_of_the_api_models_is_current() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let program = root.join("tests/local_aws/api_models.py");
    let output = Command::new(in_venv("bin/python")).arg(program).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let retained = std::fs::read(root.join("src/aws/direct/tests/api_models.json")).unwrap();
    assert!(
        retained == output.stdout,
        "The pinned botocore has other models. Write src/aws/direct/tests/api_models.json with \
         tests/local_aws/api_models.py, and read the difference."
    );
}
