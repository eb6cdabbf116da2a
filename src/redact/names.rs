//! Names in a message of the host that a diagnostic or a log line may have.
//!
//! In a damaged message a secret may stand in the place of any name. So only what a configuration can contain there is
//! quoted.

/// No type, function or provider has a longer name.
const LONGEST: usize = 64;

/// The name of a type or function, if it can be one.
pub fn type_name(name: &str) -> Option<&str> {
    is_name(name, |c| matches!(c, 'a'..='z' | '0'..='9' | '_')).then_some(name)
}

/// The source address of a provider, such as `registry.terraform.io/hashicorp/aws`, if it can be one: hostname,
/// namespace and type.
pub fn provider_address(address: &str) -> Option<&str> {
    let is_part = |part: &str| is_name(part, |c| matches!(c, 'a'..='z' | '0'..='9' | '-' | '.' | ':'));
    (address.split('/').count() == 3 && address.split('/').all(is_part)).then_some(address)
}

fn is_name(name: &str, is_part: impl Fn(char) -> bool) -> bool {
    !name.is_empty() && name.len() <= LONGEST && name.chars().all(is_part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_configuration_can_name_is_quoted() {
        for name in ["elasticache_user", "aws_elasticache_cluster", "redis_url"] {
            assert_eq!(type_name(name), Some(name));
        }
        for name in ["", "AuthToken", "token-of-a-cache", "{\"a\":1}", "a b", "ä", &"a".repeat(65)] {
            assert_eq!(type_name(name), None, "{name}");
        }
        for address in ["registry.terraform.io/hashicorp/aws", "localhost:8080/a-team/cache"] {
            assert_eq!(provider_address(address), Some(address));
        }
        for address in
            ["", "aws", "token-of-a-cache", "a/b/c/d", "a//b", "registry.terraform.io/hashicorp/AuthToken"]
        {
            assert_eq!(provider_address(address), None, "{address}");
        }
    }
}
