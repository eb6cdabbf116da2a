//! Folders, and files of other forms.

use std::fs;
use std::os::unix::fs::symlink;

use super::{Migrated, REQUIRED, SUBNETS, SUBNETS_HERE, folder, plan};

#[test]
fn only_files_that_a_host_reads_as_the_users_are_rewritten() {
    let untouched = [
        ".terraform/modules/cache/main.tf",
        ".terragrunt-cache/a/main.tf",
        ".terragrunt-stack/a/main.tf",
        ".git/main.tf",
        "main.tf.bak",
        ".hidden.tf",
        "main.tf~",
        "#main.tf#",
        "terraform.tfvars",
        "terraform.tfstate",
        ".terraform.lock.hcl",
    ];
    let mut files: Vec<(&str, &str)> = untouched.iter().map(|path| (*path, SUBNETS)).collect();
    files.extend([("main.tf", SUBNETS), REQUIRED, ("modules/vendored/cache/main.tofu", SUBNETS)]);
    let migrated = Migrated::of(&files);
    for path in untouched {
        assert_eq!(migrated.file(path), SUBNETS, "{path}");
    }
    assert_eq!(
        migrated.changed(),
        [
            "elasticache_moved.tf",
            "main.tf",
            "modules/vendored/cache/elasticache_moved.tf",
            "modules/vendored/cache/main.tofu",
            "modules/vendored/cache/versions.tf",
        ]
    );
}

#[test]
fn a_file_that_does_not_parse_keeps_its_module_as_it_is() {
    let broken = "resource \"aws_elasticache_user\" \"this\" {\n  user_id = \n}\n";
    let migrated = Migrated::of(&[
        ("main.tf", SUBNETS),
        ("broken.tf", broken),
        ("text.tf", "locals {\n  a = \"\u{fc}\"\n}\n"),
        ("other/main.tf", SUBNETS),
        ("other/versions.tf", REQUIRED.1),
    ]);
    assert_eq!(migrated.changed(), ["other/elasticache_moved.tf", "other/main.tf"]);
    assert_eq!(migrated.file("broken.tf"), broken);
    let findings = migrated.findings_of("error");
    assert_eq!(
        findings[0],
        ".: error: The module in this folder is not rewritten, because one of its files cannot be read."
    );
    assert!(findings[1].starts_with("broken.tf:2: error: The file is not valid HCL: "), "{findings:#?}");
    assert_eq!(findings.len(), 2, "{findings:#?}");
}

#[test]
fn a_file_that_is_no_text_is_reported() {
    let tree = folder(&[("main.tf", SUBNETS)]);
    fs::write(tree.path().join("latin.tf"), b"locals {\n  a = \"\xfc\"\n}\n").unwrap();
    let migrated = Migrated::from(tree);
    assert_eq!(migrated.changed(), [""; 0]);
    assert!(
        migrated
            .findings()
            .contains(&"latin.tf: error: The file is not UTF-8 text, so it is not rewritten.".to_owned()),
        "{:#?}",
        migrated.findings()
    );
}

#[test]
fn the_ends_of_lines_and_a_byte_order_mark_stay() {
    let windows = |text: &str| format!("\u{feff}{}", text.replace('\n', "\r\n"));
    let versions = "terraform {\n  required_providers {\n    aws = { source = \"hashicorp/aws\" }\n  }\n}\n";
    let provider =
        "provider \"aws\" {\n  region = \"eu-west-1\"\n}\n\nresource \"aws_instance\" \"this\" {\n}\n";
    let migrated = Migrated::of(&[
        ("main.tf", &windows(SUBNETS)),
        ("versions.tf", &windows(versions)),
        ("provider.tf", &windows(provider)),
    ]);
    assert_eq!(migrated.file("main.tf"), windows(SUBNETS_HERE));
    let entry = "    elasticache = {\n      source  = \"elasticache-rs/elasticache\"\n      version = \"~> 0.1\"\n    }\n";
    assert_eq!(
        migrated.file("versions.tf"),
        windows(&versions.replace("  }\n}", &format!("{entry}  }}\n}}")))
    );
    let copy = "}\n\nprovider \"elasticache\" {\n  region = \"eu-west-1\"\n}\n\nresource";
    assert_eq!(migrated.file("provider.tf"), windows(&provider.replace("}\n\nresource", copy)));
}

#[test]
fn a_link_is_followed_within_the_folder_only() {
    let outside = folder(&[("main.tf", SUBNETS), ("modules/cache/main.tf", SUBNETS)]);
    let tree = folder(&[
        ("stacks/a/main.tf", SUBNETS),
        ("shared/versions.tf", REQUIRED.1),
        ("shared/other.tf", SUBNETS),
    ]);
    let at = |path: &str| tree.path().join(path);
    symlink("../../shared/versions.tf", at("stacks/a/versions.tf")).unwrap();
    symlink(outside.path().join("main.tf"), at("stacks/a/outside.tf")).unwrap();
    symlink(outside.path().join("modules"), at("stacks/modules")).unwrap();
    symlink("../shared", at("stacks/again")).unwrap();
    symlink("nowhere.tf", at("stacks/a/broken.tf")).unwrap();
    let migrated = Migrated::from(tree);
    assert_eq!(
        migrated.changed(),
        [
            "shared/elasticache_moved.tf",
            "shared/other.tf",
            "stacks/a/elasticache_moved.tf",
            "stacks/a/main.tf"
        ]
    );
    assert!(migrated.folder.path().join("stacks/a/versions.tf").is_symlink());
    let untouched = |path: &str| fs::read_to_string(outside.path().join(path)).unwrap();
    assert_eq!(
        (untouched("main.tf"), untouched("modules/cache/main.tf")),
        (SUBNETS.to_owned(), SUBNETS.to_owned())
    );
    let note = |path: &str| {
        format!(
            "{path}: note: The link leads out of the folder that is migrated, so what it leads to is neither read nor rewritten."
        )
    };
    assert_eq!(migrated.findings(), [note("stacks/a/outside.tf"), note("stacks/modules")]);
}

#[test]
fn a_file_that_modules_share_has_what_each_of_them_needs() {
    let versions =
        "terraform {\n  required_providers {\n    aws = {\n      source = \"hashicorp/aws\"\n    }\n  }\n}\n";
    let provider = "provider \"aws\" {\n  region = var.region\n}\n";
    let other = "resource \"aws_instance\" \"this\" {\n}\n";
    let tree = folder(&[
        ("a/main.tf", SUBNETS),
        ("b/main.tf", other),
        ("shared/versions.tf", versions),
        ("shared/provider.tf", provider),
    ]);
    for module in ["a", "b"] {
        for file in ["versions.tf", "provider.tf"] {
            symlink(format!("../shared/{file}"), tree.path().join(module).join(file)).unwrap();
        }
    }
    let migrated = Migrated::from(tree);
    assert_eq!(
        migrated.changed(),
        ["a/elasticache_moved.tf", "a/main.tf", "shared/provider.tf", "shared/versions.tf"]
    );
    let copy = provider.replace("aws", "elasticache");
    assert_eq!(migrated.file("shared/provider.tf"), format!("{provider}\n{copy}"));
    assert!(migrated.file("shared/versions.tf").contains("hashicorp/aws"));
    assert!(migrated.file("shared/versions.tf").contains("elasticache-rs/elasticache"));
    assert_eq!(migrated.findings(), [""; 0]);
}

#[test]
fn json_and_generated_provider_blocks_are_reported() {
    let json = "{\n  \"resource\": {\n    \"aws_elasticache_user\": {}\n  }\n}\n";
    let root = "generate \"provider\" {\n  path     = \"provider.tf\"\n  contents = <<EOF\nprovider \"aws\" {\n}\nEOF\n}\n";
    let migrated = Migrated::of(&[
        ("main.tf", SUBNETS),
        REQUIRED,
        ("users.tf.json", json),
        (
            "output.tf.json",
            "{\"output\": {\"a\": {\"value\": \"${aws_elasticache_subnet_group.this.id}\"}}}\n",
        ),
        ("other.tf.json", "{\"locals\": {}}\n"),
        ("root.hcl", root),
    ]);
    assert_eq!(migrated.changed(), ["elasticache_moved.tf", "main.tf"]);
    let by_hand = |place: &str| {
        format!(
            "{place}: action: The file is JSON, which is not rewritten. Change the types in it by hand, as in the table of the \
             guide, and add `moved` blocks for its resources."
        )
    };
    assert_eq!(
        migrated.findings(),
        [
            by_hand("output.tf.json:1"),
            "root.hcl:4: action: The provider block for hashicorp/aws is written from here, such as by Terragrunt. Have one for \
             this provider written as well, where a module that was rewritten is used."
                .to_owned(),
            by_hand("users.tf.json:3"),
        ]
    );
}

#[test]
fn a_folder_that_does_not_exist_is_an_error() {
    let tree = folder(&[]);
    assert!(
        super::super::migrate(&tree.path().join("missing"), &crate::migrate::offered::catalog()).is_err()
    );
    assert_eq!(plan(tree.path()).files, []);
}
