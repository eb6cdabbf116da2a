//! Network interfaces.

use crate::aws::direct::ec2::NetworkInterface;
use crate::aws::{AwsError, Scope, Service};

/// The network interfaces in a security group.
pub(crate) async fn list(scope: &Scope<'_>, security_group: &str) -> Result<Vec<NetworkInterface>, AwsError> {
    let client = scope.ec2().await?;
    let filters = [("group-id", security_group)];
    let call = client.find_network_interfaces(&filters);
    scope.call(Service::Ec2, "DescribeNetworkInterfaces", call).await
}
