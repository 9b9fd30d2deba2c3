//! The backend of Graph Connect: configuration, routes, pages, the Graph client and sending, around
//! the sign-in and sessions of [`bff`]. Begin reading at [`routes`] and [`auth`].

pub mod auth;
mod backend;
pub mod config;
mod connect;
mod csp;
mod fault;
mod flash;
pub mod graph;
pub mod layers;
pub mod log;
pub mod mail;
mod paths;
pub mod rates;
mod render;
pub mod request_id;
pub mod routes;
pub mod sending;
pub mod serve;
pub mod site;
pub mod state;
mod text;
pub mod visit;
