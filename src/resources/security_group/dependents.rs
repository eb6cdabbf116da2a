//! What keeps a security group from being deleted.

use crate::aws::ec2::NetworkInterface;
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
    let filters = [("group-id", id)];
    let call = client.find_network_interfaces(&filters);
    let interfaces = cx.call(Service::Ec2, "DescribeNetworkInterfaces", call).await?;
    Ok(interfaces.iter().filter_map(words).collect())
}

fn words(interface: &NetworkInterface) -> Option<String> {
    let id = interface.id.as_deref()?;
    let description = interface.description.as_deref().filter(|text| !text.is_empty());
    let about: Vec<&str> = [description, interface.status.as_deref()].into_iter().flatten().collect();
    Some(if about.is_empty() { id.to_owned() } else { format!("{id} ({})", about.join(", ")) })
}

/// Other groups with a rule, of either direction, that names the group.
async fn naming(cx: &Context<'_>, id: &str) -> Result<Vec<String>, AwsError> {
    let client = cx.aws().ec2(cx.region()).await?;
    let mut found = Vec::new();
    for name in ["ip-permission.group-id", "egress.ip-permission.group-id"] {
        let filters = [(name, id)];
        let groups =
            cx.call(Service::Ec2, "DescribeSecurityGroups", client.find_security_groups(&filters)).await?;
        found.extend(groups.into_iter().filter_map(|group| group.group_id).filter(|other| other != id));
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}
