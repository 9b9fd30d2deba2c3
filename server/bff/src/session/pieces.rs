//! Cuts sealed text into cookies of less than 4,096 bytes and puts it together again. The text was
//! sealed whole, so pieces that don't belong together don't open.

/// The name under which sessions are sealed, and the beginning of their cookies' names.
pub(super) const NAME: &str = "session";

/// The most bytes of a piece; with its name and flags a cookie stays under 4,096 bytes.
const PIECE: usize = 3_800;

/// The most bytes of all pieces: nginx takes 8 kB for a header by default.
pub(super) const BUDGET: usize = 7_000;

/// The most pieces there can be.
pub(super) const MAX_PIECES: usize = BUDGET.div_ceil(PIECE);

/// Between the number of pieces and the text, in the first piece.
const MARK: char = '.';

/// The name of piece `index`.
pub(super) fn name(index: usize) -> String {
    format!("{NAME}-{index}")
}

/// The pieces of `sealed` with their names; `None` where it is over the budget.
pub(super) fn cut(sealed: &str) -> Option<Vec<(String, String)>> {
    let count = sealed.len().div_ceil(PIECE - 2);
    let text = format!("{count}{MARK}{sealed}");
    if text.len() > BUDGET {
        return None;
    }
    let bytes = text.as_bytes().chunks(PIECE).enumerate();
    bytes.map(|(index, it)| Some((name(index), String::from_utf8(it.to_vec()).ok()?))).collect()
}

/// The sealed text, from the pieces that `get` finds by name. Their number only counts as [`cut`]
/// writes it, a single digit.
pub(super) fn join(get: impl Fn(&str) -> Option<String>) -> Option<String> {
    let first = get(&name(0))?;
    let (count, text) = first.split_once(MARK)?;
    let count = (1..=MAX_PIECES).find(|it| it.to_string() == count)?;
    let mut sealed = text.to_owned();
    for index in 1..count {
        sealed.push_str(&get(&name(index))?);
    }
    Some(sealed)
}

#[cfg(test)]
mod tests {
    use super::{BUDGET, PIECE, cut, join};

    #[test]
    fn every_length_within_the_budget_comes_back_exactly() {
        for length in (1..BUDGET - 2).step_by(97).chain([PIECE - 3, PIECE - 2, PIECE - 1, PIECE]) {
            let sealed: String = "ab-_0Z".chars().cycle().take(length).collect();
            let pieces = cut(&sealed).expect("within the budget");
            assert!(pieces.iter().all(|(name, piece)| name.len() + piece.len() < 4_000));
            let get = |name: &str| pieces.iter().find(|it| it.0 == name).map(|it| it.1.clone());
            assert_eq!(join(get).as_deref(), Some(sealed.as_str()), "{length} bytes");
        }
    }

    #[test]
    fn more_than_the_budget_is_refused() {
        assert_eq!(cut(&"a".repeat(BUDGET - 1)), None);
    }

    #[test]
    fn the_number_of_pieces_counts_in_one_spelling_only() {
        let get = |first: &str| {
            let first = first.to_owned();
            join(move |name| match name {
                "session-0" => Some(first.clone()),
                _ => Some("b".to_owned()),
            })
        };
        assert_eq!(get("2.a").as_deref(), Some("ab"));
        for other in ["02.a", "+2.a", " 2.a", "2 .a", "0.a", "9.a", ".a", "a"] {
            assert_eq!(get(other), None, "{other:?}");
        }
    }
}
