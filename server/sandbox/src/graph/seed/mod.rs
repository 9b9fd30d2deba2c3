//! What is there from the start: people of the organization, an address book, messages in each inbox.

pub mod contacts;
pub mod inbox;
pub mod people;
