//! How long, how large and how often.

use std::{num::ParseIntError, time::Duration};

use super::Reader;
use crate::config::Limits;

impl Reader<'_> {
    pub(super) fn limits(&mut self) -> Option<Limits> {
        let login_timeout = self.seconds("LOGIN_TIMEOUT", "10");
        let graph_timeout = self.seconds("GRAPH_TIMEOUT", "30");
        let client_timeout = self.seconds("CLIENT_TIMEOUT", "30");
        let drain_delay = self.parsed(
            "DRAIN_DELAY",
            "0",
            "Give a whole number of seconds.",
            |value| -> Result<_, ParseIntError> {
                Ok(Duration::from_secs(u64::from(value.parse::<u32>()?)))
            },
        );
        let idle = self.seconds("SESSION_IDLE", "28800");
        let lifetime = self.seconds("SESSION_LIFETIME", "86400");
        let max_connections = self.size("MAX_CONNECTIONS", "500");
        let max_header = self.size("MAX_HEADER", "16384");
        let max_body = self.size("MAX_BODY", "2097152");
        let max_recipients = self.size("MAX_RECIPIENTS", "500");
        let max_message = self.size("MAX_MESSAGE", "500000");
        let sends_per_minute = self.number("SENDS_PER_MINUTE", "30");
        let sign_ins_per_minute = self.number("SIGN_INS_PER_MINUTE", "30");
        Some(Limits {
            login_timeout: login_timeout?,
            graph_timeout: graph_timeout?,
            client_timeout: client_timeout?,
            drain_delay: drain_delay?,
            idle: idle?,
            lifetime: lifetime?,
            max_connections: max_connections?,
            max_header: max_header?,
            max_body: max_body?,
            max_recipients: max_recipients?,
            max_message: max_message?,
            sends_per_minute: sends_per_minute?,
            sign_ins_per_minute: sign_ins_per_minute?,
        })
    }
}
