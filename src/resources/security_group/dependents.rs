//! What keeps a security group from being deleted.

use aws_sdk_ec2::types::{NetworkInterface, NetworkInterfaceStatus};

use super::api::filter;
use crate::aws::{AwsError, Service};
use crate::engine::Context;

/// Most objects that are named; the rest are counted.
const NAMED: usize = 10;

/// What still hangs on the group, as whole sentences; empty when nothing is found or
/// it cannot be asked.
pub(super) async fn told(cx: &Context<'_>, id: &str) -> String {
    // Nobody waits for more once Terraform is asked to stop.
    if cx.cancel().is_cancelled() {
        return String::new();
    }
    let (interfaces, groups) = tokio::join!(interfaces(cx, id), naming(cx, id));
    let mut told = String::new();
    for (what, found) in
        [("Network interfaces in it", interfaces), ("Security groups with a rule that names it", groups)]
    {
        let found = found.unwrap_or_default();
        if !found.is_empty() {
            let more = found.len().saturating_sub(NAMED);
            let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
            let named = found.into_iter().take(NAMED).collect::<Vec<_>>().join(", ");
            told.push_str(&format!(" {what}: {named}{rest}."));
        }
    }
    told
}

/// The network interfaces in the group, each with what it is for.
async fn interfaces(cx: &Context<'_>, id: &str) -> Result<Vec<String>, AwsError> {
    let client = cx.aws().ec2(cx.region()).await?;
    let call = client.describe_network_interfaces().filters(filter("group-id", id));
    let answer = cx.call(Service::Ec2, "DescribeNetworkInterfaces", call.send()).await?;
    Ok(answer.network_interfaces().iter().filter_map(words).collect())
}

fn words(interface: &NetworkInterface) -> Option<String> {
    let id = interface.network_interface_id()?;
    let status = interface.status().map(NetworkInterfaceStatus::as_str);
    let about: Vec<&str> =
        [interface.description().filter(|text| !text.is_empty()), status].into_iter().flatten().collect();
    Some(if about.is_empty() { id.to_owned() } else { format!("{id} ({})", about.join(", ")) })
}

/// Other groups with a rule, of either direction, that names the group.
async fn naming(cx: &Context<'_>, id: &str) -> Result<Vec<String>, AwsError> {
    let client = cx.aws().ec2(cx.region()).await?;
    let mut found = Vec::new();
    for name in ["ip-permission.group-id", "egress.ip-permission.group-id"] {
        let call = client.describe_security_groups().filters(filter(name, id));
        let answer = cx.call(Service::Ec2, "DescribeSecurityGroups", call.send()).await?;
        let ids = answer.security_groups().iter().filter_map(|group| group.group_id());
        found.extend(ids.filter(|other| *other != id).map(str::to_owned));
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}
