//! What unit tests share: scripted AWS responses, Terraform core's part, and a resource with every kind of attribute.

#[cfg(test)]
pub(crate) mod aws;
#[cfg(test)]
pub(crate) mod core;
#[cfg(test)]
pub(crate) mod test_resource;
