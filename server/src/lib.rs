//! The backend of Graph Connect: the confidential OAuth client, the session in sealed cookies, the
//! Graph client, and the routes around them. Begin reading at [`routes`] and [`auth`].

pub mod auth;
mod backend;
pub mod config;
pub mod cookies;
mod flash;
pub mod graph;
pub mod journal;
pub mod layers;
pub mod log;
pub mod mail;
pub mod outgoing;
pub mod rates;
mod render;
pub mod request_id;
pub mod routes;
pub mod seal;
pub mod sending;
pub mod serve;
pub mod session;
pub mod site;
pub mod state;
pub mod system;
pub mod visit;
