//! What users of hashicorp/aws reported: each test is named for the public issue (of
//! hashicorp/terraform-provider-aws unless the name says another place) that it comes from,
//! and says what hurt.

mod credentials;
mod engines;
mod order;
mod pending;
mod refresh;
mod settled;
mod surroundings;
