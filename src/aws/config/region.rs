//! Names of AWS regions.

use crate::aws::AwsError;

/// Checks the form of a region's name, such as `us-east-1`, `us-gov-west-1` or
/// `eusc-de-east-1`. The form is checked and not a list, so that a region
/// opened tomorrow works today; the patterns are those of AWS's partitions
/// file, taken together.
///
/// # Errors
/// A configuration error that names the fix.
pub(in crate::aws) fn check(region: &str) -> Result<(), AwsError> {
    if is_region_name(region) {
        return Ok(());
    }
    let fix = match region.strip_suffix(|last: char| last.is_ascii_lowercase()) {
        Some(prefix) if is_region_name(prefix) => {
            format!("It looks like an Availability Zone; its region is \"{prefix}\".")
        }
        _ => "Use a name such as \"us-east-1\", or set `skip_region_validation = true`.".to_owned(),
    };
    Err(AwsError::config(format!("\"{region}\" is not the name of an AWS region."), fix))
}

fn is_region_name(name: &str) -> bool {
    let parts: Vec<&str> = name.split('-').collect();
    let word = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase());
    let [area, middle @ .., number] = parts.as_slice() else { return false };
    (2..=4).contains(&area.len())
        && word(area)
        && (1..=2).contains(&middle.len())
        && middle.iter().all(|part| word(part))
        && (1..=2).contains(&number.len())
        && number.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_regions_of_every_partition() {
        for name in [
            "us-east-1",
            "ap-southeast-7",
            "cn-northwest-1",
            "us-gov-west-1",
            "us-iso-east-1",
            "us-isob-east-1",
            "eu-isoe-west-1",
            "eusc-de-east-1",
            "mx-central-1",
        ] {
            assert!(is_region_name(name), "{name}");
        }
    }

    #[test]
    fn names_the_fix_for_others() {
        let message = |name| check(name).unwrap_err().to_string();
        assert_eq!(
            message("eu-west-1a"),
            "\"eu-west-1a\" is not the name of an AWS region. \
             It looks like an Availability Zone; its region is \"eu-west-1\"."
        );
        for name in ["", "US-EAST-1", "us-east1", "useast-1", "us-east-", "us-east-1/x", "mars"] {
            assert_eq!(
                message(name),
                format!(
                    "\"{name}\" is not the name of an AWS region. Use a name such as \"us-east-1\", or set \
                     `skip_region_validation = true`."
                )
            );
        }
    }
}
