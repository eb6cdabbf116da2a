//! `provider` blocks, and the configurations that calls of modules pass on.

use super::{Migrated, SUBNETS, SUBNETS_HERE};

/// An object that stays with hashicorp/aws.
const OTHER: &str = "\nresource \"aws_instance\" \"this\" {\n  ami = \"ami-1\"\n}\n";

const REQUIREMENTS: &str = "terraform {\n  required_providers {\n    aws = {\n      source  = \"hashicorp/aws\"\n      version = \
                            \">= 5.0\"\n    }\n  }\n}\n";

/// The same with this provider.
const BOTH: &str = "terraform {\n  required_providers {\n    aws = {\n      source  = \"hashicorp/aws\"\n      version = \">= \
                    5.0\"\n    }\n    elasticache = {\n      source  = \"elasticache-rs/elasticache\"\n      version = \"~> \
                    0.1\"\n    }\n  }\n}\n";

/// The same without hashicorp/aws.
const OURS: &str = "terraform {\n  required_providers {\n    elasticache = {\n      source  = \
                    \"elasticache-rs/elasticache\"\n      version = \"~> 0.1\"\n    }\n  }\n}\n";

#[test]
fn a_block_that_nothing_else_uses_becomes_one_of_this_provider() {
    let provider = r#"# Where the caches are.
provider "aws" {
  region  = var.region
  profile = "caches" # of the team

  assume_role {
    role_arn = "arn:aws:iam::123456789012:role/caches"
  }

  default_tags {
    tags = { Team = "caches" }
  }
}
"#;
    let migrated =
        Migrated::of(&[("main.tf", SUBNETS), ("provider.tf", provider), ("versions.tf", REQUIREMENTS)]);
    assert_eq!(
        migrated.file("provider.tf"),
        provider.replace("provider \"aws\"", "provider \"elasticache\"")
    );
    assert_eq!(migrated.file("versions.tf"), OURS);
    assert_eq!(migrated.findings(), [""; 0]);
}

#[test]
fn a_block_that_is_still_used_is_copied_without_what_does_not_exist_here() {
    let provider = r#"provider "aws" {
  region  = aws_elasticache_subnet_group.this.region # of the caches
  version = "~> 3.0"
  colour  = "red"

  endpoints {
    elasticache = "http://localhost:4566"
    s3          = "http://localhost:4566"
    moonbase    = "http://localhost:4566"
  }

  paint {
    colour = "red"
  }
} # the default one
"#;
    let copy = r#"provider "elasticache" {
  region  = elasticache_subnet_group.this.region # of the caches

  endpoints {
    elasticache = "http://localhost:4566"
    s3          = "http://localhost:4566"
  }

}
"#;
    let main = format!("{SUBNETS}{OTHER}");
    let migrated =
        Migrated::of(&[("main.tf", &main), ("provider.tf", provider), ("versions.tf", REQUIREMENTS)]);
    let provider = provider.replace("aws_elasticache", "elasticache");
    assert_eq!(migrated.file("provider.tf"), format!("{provider}\n{copy}"));
    assert_eq!(migrated.file("versions.tf"), BOTH);
    let left_out = |line: u32, name: &str| {
        format!(
            "provider.tf:{line}: note: The provider block of this provider has no `{name}`, so it omits it."
        )
    };
    assert_eq!(
        migrated.findings(),
        [left_out(4, "colour"), left_out(9, "endpoints.moonbase"), left_out(12, "paint")]
    );
}

#[test]
fn only_the_configurations_that_objects_name_are_needed() {
    let providers = r#"provider "aws" {
  region = "eu-west-1"
}

provider "aws" {
  alias  = "caches"
  region = "eu-west-2"
}

provider "aws" {
  alias  = "unused"
  region = "eu-west-3"
}
"#;
    let after = r#"provider "aws" {
  region = "eu-west-1"
}

provider "elasticache" {
  alias  = "caches"
  region = "eu-west-2"
}

provider "aws" {
  alias  = "unused"
  region = "eu-west-3"
}
"#;
    let main = SUBNETS.replace("  name ", "  provider   = aws.caches\n  name ");
    let migrated = Migrated::of(&[
        ("main.tf", &format!("{main}{OTHER}")),
        ("provider.tf", providers),
        ("versions.tf", REQUIREMENTS),
    ]);
    assert_eq!(migrated.file("provider.tf"), after);
    assert_eq!(migrated.file("versions.tf"), BOTH);
}

#[test]
fn an_existing_block_is_not_repeated() {
    let provider = "provider \"aws\" {\n  region = \"eu-west-1\"\n}\n\nprovider \"elasticache\" {\n  region = \"eu-west-2\"\n}\n";
    let migrated = Migrated::of(&[("main.tf", SUBNETS), ("provider.tf", provider), ("versions.tf", BOTH)]);
    assert_eq!(migrated.file("provider.tf"), provider);
    assert_eq!(migrated.file("versions.tf"), BOTH);
}

#[test]
fn what_uses_hashicorp_aws_keeps_it() {
    let users = [
        ("a function", "locals {\n  arn = provider::aws::arn_parse(var.arn)\n}\n"),
        ("an ephemeral resource", "ephemeral \"aws_ssm_parameter\" \"this\" {\n  arn = var.arn\n}\n"),
        ("a removal", "removed {\n  from = aws_instance.this\n}\n"),
        ("a module that may", "module \"vpc\" {\n  source = \"terraform-aws-modules/vpc/aws\"\n}\n"),
        (
            "a module of a repository",
            "module \"vpc\" {\n  source = \"git::https://example.com/vpc.git\"\n}\n",
        ),
        ("a module outside", "module \"vpc\" {\n  source = \"../../vpc\"\n}\n"),
        ("settings of modules", "terraform {\n  provider_meta \"aws\" {\n    user_agent = []\n  }\n}\n"),
        ("a data source of a check", "check \"up\" {\n  data \"aws_instances\" \"this\" {\n  }\n}\n"),
        ("another object", OTHER),
    ];
    let provider = "provider \"aws\" {\n  region = \"eu-west-1\"\n}\n";
    for (what, user) in users {
        let files = [
            ("main.tf", SUBNETS),
            ("provider.tf", provider),
            ("user.tf", user),
            ("versions.tf", REQUIREMENTS),
        ];
        let migrated = Migrated::of(&files);
        assert_eq!(migrated.file("versions.tf"), BOTH, "{what}");
        assert_eq!(migrated.file("user.tf"), user, "{what}");
        let copy = provider.replace("aws", "elasticache");
        assert_eq!(migrated.file("provider.tf"), format!("{provider}\n{copy}"), "{what}");
    }
    let label = "module \"label\" {\n  source = \"cloudposse/label/null\"\n}\n";
    let migrated = Migrated::of(&[("main.tf", SUBNETS), ("user.tf", label), ("versions.tf", REQUIREMENTS)]);
    assert_eq!(migrated.file("versions.tf"), OURS);
}

#[test]
fn a_module_inherits_the_default_configuration_from_its_caller() {
    let root =
        "provider \"aws\" {\n  region = \"eu-west-1\"\n}\n\nmodule \"outer\" {\n  source = \"./outer\"\n}\n";
    let outer = "module \"inner\" {\n  source = \"./inner\"\n}\n";
    let migrated = Migrated::of(&[
        ("main.tf", root),
        ("versions.tf", REQUIREMENTS),
        ("outer/main.tf", outer),
        ("outer/inner/main.tf", SUBNETS),
        ("outer/inner/versions.tf", REQUIREMENTS),
    ]);
    assert_eq!(migrated.file("main.tf"), root.replace("provider \"aws\"", "provider \"elasticache\""));
    assert_eq!(migrated.file("versions.tf"), OURS);
    assert_eq!(migrated.file("outer/main.tf"), outer);
    assert_eq!(migrated.file("outer/versions.tf"), OURS);
    assert_eq!(migrated.file("outer/inner/main.tf"), SUBNETS_HERE);
    assert_eq!(migrated.file("outer/inner/versions.tf"), OURS);
}

const ALIASES: &str = r#"provider "aws" {
  region = "eu-west-1"
}

provider "aws" {
  alias  = "replica"
  region = "eu-west-2"
}
"#;

#[test]
fn a_call_passes_the_configurations_that_the_module_needs() {
    let call = |entries: &str| {
        format!("{ALIASES}\nmodule \"cache\" {{\n  source = \"./cache\"\n\n  providers = {entries}\n}}\n")
    };
    let migrate = |entries: &str, inner: &str| {
        let files = [
            ("main.tf", &*call(entries)),
            ("versions.tf", REQUIREMENTS),
            ("cache/main.tf", inner),
            ("cache/versions.tf", REQUIREMENTS),
        ];
        Migrated::of(&files).file("main.tf")
    };
    let both = format!("{SUBNETS}{OTHER}");
    // The module keeps hashicorp/aws beside this provider.
    for (before, after) in [
        ("{ aws = aws.replica }", "{ aws = aws.replica, elasticache = elasticache.replica }"),
        (
            "{\n    aws = aws.replica # there\n  }",
            "{\n    aws         = aws.replica # there\n    elasticache = elasticache.replica\n  }",
        ),
        (
            "{\n    \"aws\" = \"aws.replica\",\n    random = random.this\n  }",
            "{\n    \"aws\"       = \"aws.replica\",\n    elasticache = elasticache.replica\n    random      = random.this\n  }",
        ),
    ] {
        assert!(
            migrate(before, &both).ends_with(&format!("  providers = {after}\n}}\n")),
            "{}",
            migrate(before, &both)
        );
    }
    // It does not.
    for (before, after) in [
        ("{ aws = aws.replica }", "{ elasticache = elasticache.replica }"),
        (
            "{\n    aws    = aws.replica\n    random = random.this\n  }",
            "{\n    elasticache = elasticache.replica\n    random      = random.this\n  }",
        ),
    ] {
        let after = format!("  providers = {after}\n}}\n");
        assert!(migrate(before, SUBNETS).ends_with(&after), "{}", migrate(before, SUBNETS));
    }
    let replaced = migrate("{ aws = aws.replica }", SUBNETS);
    assert!(replaced.contains("provider \"elasticache\" {\n  alias  = \"replica\""), "{replaced}");
    assert!(replaced.contains("provider \"aws\" {\n  region = \"eu-west-1\""), "{replaced}");
}

#[test]
fn aliases_that_a_module_expects_are_those_that_its_objects_name() {
    let versions = |version: &str| {
        format!(
            "terraform {{\n  required_providers {{\n    aws = {{\n      source                = \"hashicorp/aws\"\n{version}      \
             configuration_aliases = [aws.one, aws.two]\n    }}\n  }}\n}}\n"
        )
    };
    let subnets = |name: &str, alias: &str| {
        format!(
            "resource \"aws_elasticache_subnet_group\" \"{name}\" {{\n  provider   = aws.{alias}\n  name       = \"a\"\n}}\n"
        )
    };
    let root = format!(
        "{ALIASES}\nmodule \"cache\" {{\n  source = \"./cache\"\n\n  providers = {{\n    aws.one = aws\n    aws.two = \
         aws.replica\n  }}\n}}\n"
    );
    let migrate = |inner: &str| {
        Migrated::of(&[
            ("main.tf", &root),
            ("versions.tf", REQUIREMENTS),
            ("cache/main.tf", inner),
            ("cache/versions.tf", &versions("")),
        ])
    };
    let entry = |aliases: &str| {
        format!(
            "    elasticache = {{\n      source                = \"elasticache-rs/elasticache\"\n      version               = \"~> \
             0.1\"\n      configuration_aliases = [{aliases}]\n    }}\n"
        )
    };
    let ends = |migrated: &Migrated, entries: &str| {
        let main = migrated.file("main.tf");
        assert!(main.ends_with(&format!("  providers = {{\n{entries}  }}\n}}\n")), "{main}");
    };

    // All of hashicorp/aws goes.
    let all = migrate(&format!("{}{}", subnets("a", "one"), subnets("b", "two")));
    let start = "terraform {\n  required_providers {\n";
    assert_eq!(
        all.file("cache/versions.tf"),
        format!("{start}{}  }}\n}}\n", entry("elasticache.one, elasticache.two"))
    );
    ends(&all, "    elasticache.one = elasticache\n    elasticache.two = elasticache.replica\n");
    assert!(!all.file("main.tf").contains("aws"), "{}", all.file("main.tf"));

    // One of two is not used by any cache, and nothing else uses it.
    let one = migrate(&subnets("b", "two"));
    assert_eq!(one.file("cache/versions.tf"), format!("{start}{}  }}\n}}\n", entry("elasticache.two")));
    ends(&one, "    elasticache.two = elasticache.replica\n");

    // Another object keeps both.
    let other = OTHER.replace("  ami", "  provider = aws.one\n  ami");
    let retained = migrate(&format!("{}{other}", subnets("b", "two")));
    let expected =
        versions("").replace("    }\n  }\n}\n", &format!("    }}\n{}  }}\n}}\n", entry("elasticache.two")));
    assert_eq!(retained.file("cache/versions.tf"), expected);
    ends(
        &retained,
        "    aws.one         = aws\n    aws.two         = aws.replica\n    elasticache.two = elasticache.replica\n",
    );
}

#[test]
fn a_configuration_under_another_name_needs_an_action() {
    let root =
        "module \"cache\" {\n  source = \"./cache\"\n\n  providers = {\n    aws = amazon.replica\n  }\n}\n";
    let inner = format!("{SUBNETS}{OTHER}");
    let migrated = Migrated::of(&[("main.tf", root), ("cache/main.tf", &inner)]);
    assert_eq!(migrated.file("main.tf"), root);
    assert_eq!(
        migrated.findings_of("action"),
        [
            "main.tf:5: action: The module needs a configuration of this provider as well: add `elasticache` to `providers`."
        ]
    );
}

#[test]
fn a_module_that_is_not_in_the_folder_is_reported_when_it_may_have_caches() {
    let calls = "module \"redis\" {\n  source = \"cloudposse/elasticache-redis/aws\"\n}\n\nmodule \"outside\" {\n  source = \
                 \"../cache\"\n}\n\nmodule \"vpc\" {\n  source = \"terraform-aws-modules/vpc/aws\"\n}\n\nmodule \"unknown\" {\n  \
                 source = var.source\n}\n";
    assert_eq!(
        Migrated::of(&[("main.tf", calls)]).findings(),
        [
            "main.tf:1: note: The module `cloudposse/elasticache-redis/aws` is not in this folder, so its caches stay with \
             hashicorp/aws. Vendor it, and call it by its path, to have it rewritten.",
            "main.tf:5: note: The module `../cache` is outside of this folder, so it is not rewritten. Migrate a folder that \
             has both.",
            "main.tf:13: note: The source of this module is not a text, so it is not known which one it is.",
        ]
    );
}
