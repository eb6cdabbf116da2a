//! The changes of a file as text.

use diffy::DiffOptions;

use super::rewrite::FileChange;

/// Lines around a change.
const CONTEXT: usize = 3;

/// The change of a file in the form that `git apply` and `patch -p1` read.
pub(crate) fn unified(file: &FileChange) -> String {
    // Paths in a patch have slashes on every system.
    let parts: Vec<_> = file.path.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    let path = parts.join("/");
    let old = file.old.as_deref();
    let (before, after) = (old.map_or("/dev/null".to_owned(), |_| format!("a/{path}")), format!("b/{path}"));
    let mut options = DiffOptions::new();
    options.set_context_len(CONTEXT).set_original_filename(before).set_modified_filename(after);
    options.create_patch(old.unwrap_or_default(), &file.new).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_and_a_new_file_are_patches_from_the_folder() {
        let lines = |middle: &str| format!("1\n2\n3\n4\n{middle}\n6\n7\n8\n9\n");
        let path = ["modules", "cache", "main.tf"].iter().collect();
        let change = FileChange { path, old: Some(lines("five")), new: lines("5") };
        assert_eq!(
            unified(&change),
            "--- a/modules/cache/main.tf\n+++ b/modules/cache/main.tf\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-five\n+5\n 6\n 7\n 8\n"
        );
        let new = FileChange { path: "new.tf".into(), old: None, new: "1\n".to_owned() };
        assert_eq!(unified(&new), "--- /dev/null\n+++ b/new.tf\n@@ -0,0 +1 @@\n+1\n");
    }

    #[test]
    fn a_last_line_without_an_end_is_marked() {
        let change = FileChange { path: "a.tf".into(), old: Some("a".to_owned()), new: "b\n".to_owned() };
        assert_eq!(
            unified(&change),
            "--- a/a.tf\n+++ b/a.tf\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n"
        );
    }
}
