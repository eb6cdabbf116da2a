//! Which elements of two sets are the same one.

/// For each element of `new` the element of `old` it continues, if any. No old
/// element is given out twice. As many as possible are paired by `exact`; those
/// that are left over, by `loose`.
pub(crate) fn pair<'a, N, O>(
    new: &[N],
    old: &'a [O],
    exact: &dyn Fn(&N, &O) -> bool,
    loose: &dyn Fn(&N, &O) -> bool,
) -> Vec<Option<&'a O>> {
    // For each old element, the new one that has it.
    let mut taken: Vec<Option<usize>> = vec![None; old.len()];
    for i in 0..new.len() {
        let mut visited = vec![false; old.len()];
        find(i, &|i, j| exact(&new[i], &old[j]), &mut taken, &mut visited);
    }
    let paired = |taken: &[Option<usize>], i| taken.iter().position(|owner| *owner == Some(i));
    for (i, item) in new.iter().enumerate() {
        if paired(&taken, i).is_none()
            && let Some(j) = (0..old.len()).find(|j| taken[*j].is_none() && loose(item, &old[*j]))
        {
            taken[j] = Some(i);
        }
    }
    (0..new.len()).map(|i| paired(&taken, i).map(|j| &old[j])).collect()
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
}
