//! What unit tests share: scripted AWS responses, Terraform core's part, a resource with every kind of attribute, and
//! a list resource and an action to drive.

#[cfg(test)]
pub(crate) mod aws;
#[cfg(test)]
pub(crate) mod core;
#[cfg(test)]
mod listing;
#[cfg(test)]
pub(crate) mod test_operations;
#[cfg(test)]
pub(crate) mod test_resource;

#[cfg(test)]
pub(crate) use listing::listed_names;
