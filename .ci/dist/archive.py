"""Reproducible zip archives, and the two hashes by which Terraform pins them."""

import base64
import hashlib
import time
import zipfile

# A zip entry cannot be older.
EARLIEST = 315532800  # 1980-01-01


def write_zip(path, files, epoch):
    """Writes `files`, a dict of entry name to (content, mode), identically for identical input.

    `epoch` is the time of every entry in seconds since 1970.
    """
    moment = time.gmtime(max(epoch, EARLIEST))[:6]
    with zipfile.ZipFile(path, "w") as archive:
        for name in sorted(files):
            content, mode = files[name]
            entry = zipfile.ZipInfo(name, moment)
            entry.create_system = 3  # Unix, so that the mode is read
            entry.external_attr = (0o100000 | mode) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content, compresslevel=9)


def sha256(path):
    """The SHA-256 of a file in hex."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def zip_hash(path):
    """`zh:`, the hash of the archive itself."""
    return f"zh:{sha256(path)}"


def content_hash(path):
    """`h1:`, the hash of names and contents of the unpacked files (Go's dirhash.Hash1)."""
    with zipfile.ZipFile(path) as archive:
        lines = [f"{hashlib.sha256(archive.read(name)).hexdigest()}  {name}\n" for name in sorted(archive.namelist())]
    return "h1:" + base64.b64encode(hashlib.sha256("".join(lines).encode()).digest()).decode()
