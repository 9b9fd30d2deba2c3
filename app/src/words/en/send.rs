use crate::words::SendWords;

pub(super) const SEND: SendWords =
    SendWords { description: "Write an email and send it from your own mailbox." };
