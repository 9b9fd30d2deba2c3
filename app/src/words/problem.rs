/// Why a message wasn't sent.
#[derive(Clone, Copy, Debug)]
pub struct ProblemWords {}
