use crate::words::ProblemWords;

pub(super) const PROBLEM: ProblemWords = ProblemWords {};
