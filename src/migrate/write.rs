//! Writes the changes of files.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::rewrite::FileChange;

/// Why a change was not written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WriteError {
    /// The system refused it.
    #[error("{path}: cannot write the file: {source}", path = .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The file changed in the meantime.
    #[error("{path}: the file was changed while it was being migrated; run the migration again", path = .0.display())]
    Changed(PathBuf),
}

/// Writes all changes below a folder. Each file has its old or its new content at any time: the new
/// contents are written beside the files first, and take their places when all are there.
///
/// # Errors
/// When a file cannot be written, or changed since it was read.
pub(crate) fn write(root: &Path, files: &[FileChange]) -> Result<(), WriteError> {
    let mut staged = Vec::new();
    let result = files.iter().try_for_each(|file| {
        let place = root.join(&file.path);
        let failed = |source| WriteError::File { path: file.path.clone(), source };
        if is_changed(&place, file.old.as_deref()).map_err(failed)? {
            return Err(WriteError::Changed(file.path.clone()));
        }
        let beside = beside(&place);
        let mut writer = OpenOptions::new().write(true).create_new(true).open(&beside).map_err(failed)?;
        staged.push((beside, place.clone(), file));
        fill(&mut writer, &place, file).map_err(failed)
    });
    let result = result.and_then(|()| {
        staged.iter().try_for_each(|(beside, place, file)| {
            fs::rename(beside, place).map_err(|source| WriteError::File { path: file.path.clone(), source })
        })
    });
    if result.is_err() {
        for (beside, ..) in &staged {
            // One that took its place is not there any more.
            let _ = fs::remove_file(beside);
        }
    }
    result
}

/// True when a file does not hold what the change begins with.
fn is_changed(place: &Path, old: Option<&str>) -> io::Result<bool> {
    match (fs::read(place), old) {
        (Ok(content), Some(old)) => Ok(content != old.as_bytes()),
        (Ok(_), None) => Ok(true),
        (Err(error), None) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        (Err(error), _) => Err(error),
    }
}

/// A name in the same folder, which Terraform ignores.
fn beside(place: &Path) -> PathBuf {
    let name = place.file_name().unwrap_or_default().to_string_lossy();
    place.with_file_name(format!(".{name}.{}", std::process::id()))
}

fn fill(writer: &mut File, place: &Path, file: &FileChange) -> io::Result<()> {
    if file.old.is_some() {
        writer.set_permissions(fs::metadata(place)?.permissions())?;
    }
    writer.write_all(file.new.as_bytes())?;
    writer.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(path: &str, old: Option<&str>, new: &str) -> FileChange {
        FileChange { path: path.into(), old: old.map(str::to_owned), new: new.to_owned() }
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
        let mut names: Vec<String> = entries.map(|name| name.into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn files_are_replaced_and_added() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.tf"), "old").unwrap();
        write(folder.path(), &[change("a.tf", Some("old"), "new"), change("b.tf", None, "added")]).unwrap();
        assert_eq!(names(folder.path()), ["a.tf", "b.tf"]);
        assert_eq!(fs::read_to_string(folder.path().join("a.tf")).unwrap(), "new");
        assert_eq!(fs::read_to_string(folder.path().join("b.tf")).unwrap(), "added");
    }

    #[cfg(unix)]
    #[test]
    fn a_file_keeps_its_permissions() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.tf");
        fs::write(&path, "old").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        write(folder.path(), &[change("a.tf", Some("old"), "new")]).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
    }

    #[test]
    fn nothing_is_written_when_one_file_cannot_be() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a.tf", "b.tf"] {
            fs::write(folder.path().join(name), "old").unwrap();
        }
        let first = change("a.tf", Some("old"), "new");
        for (second, message) in [
            (change("b.tf", Some("older"), "new"), "b.tf: the file was changed while it was being migrated"),
            (change("b.tf", None, "new"), "b.tf: the file was changed while it was being migrated"),
            (change("c.tf", Some("old"), "new"), "c.tf: cannot write the file: "),
            (change("missing/c.tf", None, "new"), "missing/c.tf: cannot write the file: "),
        ] {
            let error = write(folder.path(), &[first.clone(), second]).unwrap_err().to_string();
            assert!(error.starts_with(message), "{error}");
            assert_eq!(names(folder.path()), ["a.tf", "b.tf"]);
            assert_eq!(fs::read_to_string(folder.path().join("a.tf")).unwrap(), "old");
        }
    }
}
