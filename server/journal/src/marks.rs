//! Marks in memory: one index for all hours, at 16 bytes a mark and an eighth of slack.
//!
//! The first 64 bits of a mark are kept. That two of a million have them in common happens once in
//! 10^13 times, and then something new counts as marked, which is the safe mistake. Nobody can bring
//! it about for others: their marks are made of what they cannot know beforehand.
//!
//! A hash table has up to half of its places empty, and for a moment holds everything twice when it
//! grows. Sorted vectors, chosen by the first bits of a mark, grow by an eighth, one at a time.

use super::Mark;

/// The first half of a mark, the hour in which it expires, and what its user noted beside it.
#[derive(Clone, Copy)]
struct Entry {
    prefix: [u8; 8],
    hour: u32,
    detail: u32,
}

/// See the module.
pub(super) struct Marks {
    buckets: Vec<Vec<Entry>>,
    len: usize,
}

impl Marks {
    pub const BUCKETS: usize = 1 << 10;

    pub fn new() -> Self {
        Self { buckets: vec![Vec::new(); Self::BUCKETS], len: 0 }
    }

    /// How many there are, with those that have expired and are not forgotten yet.
    pub const fn len(&self) -> usize {
        self.len
    }

    pub fn detail(&self, mark: &Mark) -> Option<u32> {
        let bucket = self.buckets.get(place(mark))?;
        let index = find(bucket, mark).ok()?;
        bucket.get(index).map(|entry| entry.detail)
    }

    pub fn set_detail(&mut self, mark: &Mark, detail: u32) {
        let Some(bucket) = self.buckets.get_mut(place(mark)) else { return };
        if let Some(entry) = find(bucket, mark).ok().and_then(|index| bucket.get_mut(index)) {
            entry.detail = detail;
        }
    }

    /// Marks `mark` until the end of `hour`, unless it is marked.
    pub fn insert(&mut self, mark: Mark, hour: u32) {
        let Some(bucket) = self.buckets.get_mut(place(&mark)) else { return };
        if let Err(index) = find(bucket, &mark) {
            grow(bucket);
            bucket.insert(index, Entry { prefix: prefix(&mark), hour, detail: 0 });
            self.len += 1;
        }
    }

    pub fn remove(&mut self, mark: &Mark) {
        let Some(bucket) = self.buckets.get_mut(place(mark)) else { return };
        if let Ok(index) = find(bucket, mark) {
            bucket.remove(index);
            self.len -= 1;
        }
    }

    /// The same for one of many, such as those of a file; [`sort`](Self::sort) comes after the last.
    pub fn load(&mut self, mark: Mark, hour: u32) {
        if let Some(bucket) = self.buckets.get_mut(place(&mark)) {
            grow(bucket);
            bucket.push(Entry { prefix: prefix(&mark), hour, detail: 0 });
        }
    }

    /// Puts what was loaded in order.
    pub fn sort(&mut self) {
        for bucket in &mut self.buckets {
            // Of a mark that came twice, the last hour.
            bucket.sort_unstable_by(|one, other| {
                one.prefix.cmp(&other.prefix).then(other.hour.cmp(&one.hour))
            });
            bucket.dedup_by_key(|entry| entry.prefix);
        }
        self.len = self.buckets.iter().map(Vec::len).sum();
    }

    /// Forgets what expired before `hour`, in one of the buckets.
    pub fn forget(&mut self, bucket: usize, hour: u32) {
        let Some(bucket) = self.buckets.get_mut(bucket) else { return };
        let before = bucket.len();
        bucket.retain(|entry| entry.hour >= hour);
        self.len -= before - bucket.len();
        if bucket.len() < bucket.capacity() / 2 {
            bucket.shrink_to_fit();
        }
    }
}

fn place(mark: &Mark) -> usize {
    let [first, second, ..] = *mark;
    (usize::from(u16::from_be_bytes([first, second])) * Marks::BUCKETS) >> u16::BITS
}

fn prefix(mark: &Mark) -> [u8; 8] {
    std::array::from_fn(|index| mark.get(index).copied().unwrap_or_default())
}

fn find(bucket: &[Entry], mark: &Mark) -> Result<usize, usize> {
    bucket.binary_search_by_key(&prefix(mark), |entry| entry.prefix)
}

/// Makes room for one more, without the doubling that a vector does of its own.
fn grow(bucket: &mut Vec<Entry>) {
    if bucket.len() == bucket.capacity() {
        bucket.reserve_exact(bucket.len() / 8 + 4);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::{Mark, Marks};

    fn mark(number: u32) -> Mark {
        // Some share a bucket and some do not.
        let mut mark = [0; 16];
        mark[..2].copy_from_slice(&u16::try_from(number % 7 * 9000).unwrap().to_be_bytes());
        mark[4..8].copy_from_slice(&number.to_be_bytes());
        mark
    }

    fn same(marks: &Marks, model: &BTreeMap<u32, (u32, u32)>) -> bool {
        marks.len() == model.len()
            && (0..50)
                .all(|it| marks.detail(&mark(it)) == model.get(&it).map(|(_, detail)| *detail))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn it_knows_what_an_ordered_map_knows(
            steps in proptest::collection::vec((0..5_u8, 0..50_u32, 0..4_u32), 0..200),
        ) {
            let (mut marks, mut model) = (Marks::new(), BTreeMap::new());
            for (step, number, other) in steps {
                match step {
                    0 | 1 => {
                        marks.insert(mark(number), other);
                        model.entry(number).or_insert((other, 0));
                    }
                    2 => {
                        marks.remove(&mark(number));
                        model.remove(&number);
                    }
                    3 => {
                        marks.set_detail(&mark(number), other);
                        if let Some((_, detail)) = model.get_mut(&number) {
                            *detail = other;
                        }
                    }
                    _ => {
                        (0..Marks::BUCKETS).for_each(|bucket| marks.forget(bucket, other));
                        model.retain(|_, (hour, _)| *hour >= other);
                    }
                }
                prop_assert!(same(&marks, &model));
            }
        }

        #[test]
        fn what_was_loaded_is_known_with_its_last_hour(
            loaded in proptest::collection::vec((0..50_u32, 0..4_u32), 0..200),
        ) {
            let (mut marks, mut model) = (Marks::new(), BTreeMap::<u32, (u32, u32)>::new());
            for (number, hour) in loaded {
                marks.load(mark(number), hour);
                let last = model.entry(number).or_default();
                last.0 = last.0.max(hour);
            }
            marks.sort();
            prop_assert!(same(&marks, &model));
            (0..Marks::BUCKETS).for_each(|bucket| marks.forget(bucket, 2));
            model.retain(|_, (hour, _)| *hour >= 2);
            prop_assert!(same(&marks, &model));
        }
    }
}
