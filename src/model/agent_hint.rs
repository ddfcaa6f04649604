//! What a hint says where a written agent is not there: the nearest folder, if one is near, and those that there are.

use super::{AgentPath, nearest};

const NAMED: usize = 8;
/// By how many letters a folder's name may differ from what was meant to be it.
const FARTHEST: usize = 3;

/// The folders by how like they are to what was written, the nearest first.
pub fn by_likeness<'a>(paths: impl IntoIterator<Item = &'a AgentPath>, written: &str) -> Vec<&'a AgentPath> {
    let mut paths: Vec<_> = paths.into_iter().collect();
    paths.sort_by_cached_key(|path| (distance(path, written), *path));
    paths
}

/// The first of these folders, the nearest to what was written, if it may be a typing error away.
pub fn near<'a>(by_likeness: &[&'a AgentPath], written: &str) -> Option<&'a AgentPath> {
    let is_near = |path: &AgentPath| {
        let (is_other, letters) = distance(path, written);
        !is_other || letters <= FARTHEST.min(path.folder().chars().count().div_ceil(2))
    };
    by_likeness.first().copied().filter(|path| is_near(path))
}

/// The nearest folder, if one is near, and the folders that `place` has.
pub fn offer<'a>(place: &str, paths: impl IntoIterator<Item = &'a AgentPath>, written: &str) -> Option<String> {
    let paths = by_likeness(paths, written);
    let near = near(&paths, written).map(|path| format!("the nearest is `{path}`; ")).unwrap_or_default();
    let named: Vec<_> = paths.iter().take(NAMED).map(|path| format!("`{path}`")).collect();
    let more = if paths.len() > NAMED { format!(" and {} more", paths.len() - NAMED) } else { String::new() };
    (!paths.is_empty()).then(|| format!("{near}{place} has {}{more}", named.join(", ")))
}

/// A user who typed a beginning meant what begins with it, however long it is.
fn distance(path: &AgentPath, written: &str) -> (bool, usize) {
    // The folder above it may be mistyped too.
    let wanted = written.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_lowercase();
    let folder = path.folder().to_lowercase();
    let is_beginning = !wanted.is_empty() && folder.starts_with(&wanted);
    (!is_beginning, nearest::distance(&wanted, &folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths() -> [AgentPath; 3] {
        ["agents/sales-agent", "agents/sales-trial", "agents/survey"].map(|path| AgentPath::parse(path).unwrap())
    }

    #[test]
    fn what_begins_with_the_typed_letters_is_nearer_than_what_is_as_short() {
        let known = paths();
        let order = |written| by_likeness(&known, written).into_iter().map(AgentPath::as_str).collect::<Vec<_>>();
        assert_eq!(order("sal"), ["agents/sales-agent", "agents/sales-trial", "agents/survey"]);
        assert_eq!(order("agents/Survy")[0], "agents/survey");
        assert_eq!(near(&by_likeness(&known, "agnets/survey/"), "agnets/survey/"), Some(&known[2]));
    }

    #[test]
    fn a_nearest_is_named_only_where_it_is_near() {
        let known = paths();
        let offer = |written| offer("`production`", &known, written).unwrap();
        assert!(offer("survy").starts_with("the nearest is `agents/survey`; `production` has `agents/survey`, "));
        assert_eq!(
            offer("Reception Agent"),
            "`production` has `agents/sales-agent`, `agents/sales-trial`, `agents/survey`"
        );
        assert_eq!(super::offer("`production`", [], "x"), None);
    }
}
