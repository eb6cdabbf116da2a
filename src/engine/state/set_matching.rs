//! Which elements of two sets are the same one.

/// For each element of `new` the element of `old` it continues, if any. No old
/// element is given out twice. As many as possible are paired by `exact`, and then
/// as many as possible of all by either.
pub(crate) fn pair<'a, N, O>(
    new: &[N],
    old: &'a [O],
    exact: &dyn Fn(&N, &O) -> bool,
    loose: &dyn Fn(&N, &O) -> bool,
) -> Vec<Option<&'a O>> {
    // For each old element, the new one that has it.
    let mut taken: Vec<Option<usize>> = vec![None; old.len()];
    let by_exact = |i: usize, j: usize| exact(&new[i], &old[j]);
    let by_either = |i: usize, j: usize| by_exact(i, j) || loose(&new[i], &old[j]);
    let mut left: Vec<usize> = (0..new.len()).collect();
    left.retain(|i| !find(*i, &by_exact, &mut taken, &mut vec![false; old.len()]));
    let is_left = |i: usize| left.contains(&i);
    let spares_exact = |i: usize, j: usize| if is_left(i) { by_either(i, j) } else { by_exact(i, j) };
    for &i in &left {
        if !find(i, &spares_exact, &mut taken, &mut vec![false; old.len()]) {
            find(i, &by_either, &mut taken, &mut vec![false; old.len()]);
        }
    }
    let paired = |i| taken.iter().position(|owner| *owner == Some(i));
    (0..new.len()).map(|i| paired(i).map(|j| &old[j])).collect()
}

/// Finds an old element for the new element `i`; one that is taken is had when its
/// owner finds another (an augmenting path).
fn find(
    i: usize,
    fits: &dyn Fn(usize, usize) -> bool,
    taken: &mut [Option<usize>],
    visited: &mut [bool],
) -> bool {
    // What is free needs nobody to move.
    if let Some(j) = (0..taken.len()).find(|j| taken[*j].is_none() && fits(i, *j)) {
        taken[j] = Some(i);
        return true;
    }
    for j in 0..taken.len() {
        if visited[j] || !fits(i, j) {
            continue;
        }
        visited[j] = true;
        if taken[j].is_some_and(|owner| find(owner, fits, taken, visited)) {
            taken[j] = Some(i);
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Value;

    fn texts(texts: &[&str]) -> Vec<Value> {
        texts.iter().map(|text| Value::from(*text)).collect()
    }

    fn pairs(new: &[&str], old: &[&str]) -> Vec<Option<String>> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        // A question mark stands for any one character.
        let fits = |a: &Value, b: &Value| {
            let (a, b) = (text(a), text(b));
            a.len() == b.len() && a.bytes().zip(b.bytes()).all(|(a, b)| a == b || a == b'?')
        };
        let loose = |a: &Value, b: &Value| text(a).eq_ignore_ascii_case(&text(b));
        pair(&texts(new), &texts(old), &fits, &loose)
            .into_iter()
            .map(|counterpart| counterpart.map(text))
            .collect()
    }

    fn some(texts: &[&str]) -> Vec<Option<String>> {
        texts.iter().map(|text| Some((*text).to_owned())).collect()
    }

    #[test]
    fn nothing_is_given_out_twice() {
        assert_eq!(pairs(&["a", "A"], &["A", "a"]), some(&["a", "A"]));
        assert_eq!(pairs(&["a", "a"], &["a"]), [Some("a".to_owned()), None]);
        assert_eq!(pairs(&["a"], &[]), [None]);
    }

    #[test]
    fn the_looser_one_gives_way() {
        assert_eq!(pairs(&["x?", "xa"], &["xa", "xb"]), some(&["xb", "xa"]));
        assert_eq!(pairs(&["x?", "?a", "xa"], &["xa", "xb", "ya"]), some(&["xb", "ya", "xa"]));
    }

    #[test]
    fn spelling_comes_second() {
        assert_eq!(pairs(&["b", "B"], &["B", "c"]), [None, Some("B".to_owned())]);
        assert_eq!(pairs(&["b"], &["B"]), some(&["B"]));
    }

    #[test]
    fn exact_one_gives_way_to_one_in_another_spelling() {
        assert_eq!(pairs(&["x?", "XA"], &["xa", "xb"]), some(&["xb", "xa"]));
        assert_eq!(pairs(&["XA", "x?"], &["xa", "xb"]), some(&["xa", "xb"]));
    }

    proptest::proptest! {
        /// No other way of pairing leaves fewer without a counterpart.
        #[test]
        fn as_many_as_possible_are_paired(
            edges in proptest::collection::vec(proptest::collection::vec(0_u8..3, 4), 0..5),
        ) {
            let exact = |new: &Vec<u8>, old: &usize| new[*old] == 2;
            let loose = |new: &Vec<u8>, old: &usize| new[*old] == 1;
            let found = pair(&edges, &[0, 1, 2, 3], &exact, &loose);
            let given: std::collections::BTreeSet<_> = found.iter().flatten().collect();
            assert_eq!(given.len(), found.iter().flatten().count(), "given out twice");
            for (new, old) in edges.iter().zip(&found) {
                assert!(old.is_none_or(|old| exact(new, old) || loose(new, old)));
            }
            assert_eq!(given.len(), most(&edges, &mut vec![false; 4]));
        }
    }

    /// The most pairs, by trying all.
    fn most(edges: &[Vec<u8>], taken: &mut Vec<bool>) -> usize {
        let Some((first, others)) = edges.split_first() else { return 0 };
        let mut best = most(others, taken);
        for old in 0..taken.len() {
            if first[old] > 0 && !taken[old] {
                taken[old] = true;
                best = best.max(1 + most(others, taken));
                taken[old] = false;
            }
        }
        best
    }
}
