//! Dividing a bill so that the parts add up to it, to the last micro-dollar.

use super::money::MicroDollars;

/// The share of each weight in an amount; none where all weights are zero, since nothing says whose it is.
///
/// Each part is rounded down, and what is left goes, a micro-dollar each, to those that lost most by it; between equals, to
/// the first.
pub fn apportioned(amount: MicroDollars, weights: &[u64]) -> Option<Vec<MicroDollars>> {
    let total: u128 = weights.iter().copied().map(u128::from).sum();
    let whole = u128::try_from(amount.0).ok().filter(|_| total > 0)?;
    let mut parts = Vec::with_capacity(weights.len());
    let mut rests = Vec::with_capacity(weights.len());
    for (at, weight) in weights.iter().enumerate() {
        let product = whole * u128::from(*weight);
        parts.push(product / total);
        rests.push((std::cmp::Reverse(product % total), at));
    }
    let left = usize::try_from(whole - parts.iter().sum::<u128>()).unwrap_or(0);
    rests.sort_unstable();
    for (_, at) in rests.into_iter().take(left) {
        parts[at] += 1;
    }
    parts.into_iter().map(|part| i64::try_from(part).ok().map(MicroDollars)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_parts_are_what_paper_and_pencil_give() {
        let parts = |amount, weights: &[u64]| {
            apportioned(MicroDollars(amount), weights).map(|parts| parts.iter().map(|part| part.0).collect::<Vec<_>>())
        };
        assert_eq!(parts(10, &[1, 1, 1]), Some(vec![4, 3, 3]));
        assert_eq!(parts(100, &[0, 3, 4]), Some(vec![0, 43, 57]));
        assert_eq!(parts(2_900_000, &[12, 0, 17]), Some(vec![1_200_000, 0, 1_700_000]));
        assert_eq!(parts(1, &[0, 0]), None);
        assert_eq!(parts(-1, &[1]), None);
    }

    proptest! {
        #[test]
        fn the_parts_add_up_to_the_bill_and_each_is_within_one_of_its_share(
            amount in 0_i64..1_000_000_000_000,
            weights in prop::collection::vec(0_u64..100_000, 1..40)
        ) {
            let total: u64 = weights.iter().sum();
            let parts = apportioned(MicroDollars(amount), &weights);
            prop_assert_eq!(parts.is_some(), total > 0);
            for (part, weight) in parts.iter().flatten().zip(&weights) {
                let share = i128::from(amount) * i128::from(*weight) / i128::from(total);
                prop_assert!((i128::from(part.0) - share).abs() <= 1);
                prop_assert!(*weight > 0 || part.0 == 0);
            }
            if let Some(parts) = parts {
                prop_assert_eq!(parts.into_iter().sum::<MicroDollars>(), MicroDollars(amount));
            }
        }
    }
}
