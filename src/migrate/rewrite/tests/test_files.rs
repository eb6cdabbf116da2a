//! Files of `terraform test`.

use super::{Migrated, REQUIRED, SUBNETS};

#[test]
fn tests_name_the_new_addresses() {
    let test = r#"mock_provider "aws" {
  alias = "mock"

  mock_resource "aws_instance" {
    defaults = {}
  }
}

override_resource {
  target = aws_elasticache_subnet_group.this
  values = { arn = "arn" }
}

run "apply" {
  override_data {
    target = module.inner.data.aws_elasticache_user.app
    values = {}
  }

  assert {
    condition     = aws_elasticache_subnet_group.this.name == "cache"
    error_message = "The name is ${aws_elasticache_subnet_group.this.name}."
  }
}

run "other" {
  module {
    source = "./inner"
  }

  assert {
    condition     = data.aws_elasticache_user.app.engine == aws_elasticache_subnet_group.this.name
    error_message = "Wrong."
  }
}

run "passed" {
  providers = {
    aws = aws.mock
  }
}
"#;
    let main = format!("module \"inner\" {{\n  source = \"./inner\"\n}}\n\n{SUBNETS}");
    let inner = "data \"aws_elasticache_user\" \"app\" {\n  user_id = \"app\"\n}\n";
    let files = [("main.tf", &*main), REQUIRED, ("inner/main.tf", inner), ("tests/cache.tftest.hcl", test)];
    let migrated = Migrated::of(&files);
    let other = "data.aws_elasticache_user.app.engine == aws_elasticache_subnet_group.this.name";
    let after = test
        // The other module has no subnet group.
        .replace(other, "OTHER")
        .replace("aws_elasticache", "elasticache")
        .replace("OTHER", &other.replace("data.aws_", "data."))
        .replace(
            "    defaults = {}\n  }\n}\n",
            "    defaults = {}\n  }\n}\n\nmock_provider \"elasticache\" {\n  alias = \"mock\"\n}\n",
        );
    assert_eq!(migrated.file("tests/cache.tftest.hcl"), after);
    assert_eq!(
        migrated.findings(),
        [
            "tests/cache.tftest.hcl:37: action: The run passes configurations of hashicorp/aws. Pass those of this provider as \
          well."
        ]
    );
}

#[test]
fn mocked_values_of_a_type_that_is_rewritten_need_an_action() {
    let test = "mock_provider \"aws\" {\n  mock_resource \"aws_elasticache_subnet_group\" {\n    defaults = {}\n  }\n}\n\nprovider \
                \"aws\" {\n  alias = \"real\"\n}\n";
    let migrated = Migrated::of(&[("main.tf", SUBNETS), REQUIRED, ("main.tftest.hcl", test)]);
    let after = test.replace("  }\n}\n\n", "  }\n}\n\nmock_provider \"elasticache\" {}\n\n");
    assert_eq!(migrated.file("main.tftest.hcl"), after);
    assert_eq!(
        migrated.findings(),
        [
            "main.tftest.hcl:1: action: The mock of hashicorp/aws has values for types that are rewritten. Move them to that \
             of this provider.",
            "main.tftest.hcl:7: action: Add a provider block for this provider beside that for hashicorp/aws.",
        ]
    );
}
