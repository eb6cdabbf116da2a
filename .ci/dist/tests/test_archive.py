import base64
import hashlib
import tempfile
import unittest
import zipfile
from pathlib import Path

from archive import content_hash, sha256, write_zip, zip_hash

EPOCH = 1_700_000_001  # 2023-11-14 22:13:21 UTC


class Archive(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def write(self, name, files, epoch=EPOCH):
        path = self.folder / name
        write_zip(path, files, epoch)
        return path

    def test_entries_are_sorted_and_carry_mode_and_commit_time(self):
        path = self.write("a.zip", {"program": (b"binary", 0o755), "LICENSE": (b"MIT", 0o644)})
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            self.assertEqual(archive.read("program"), b"binary")
        self.assertEqual([entry.filename for entry in entries], ["LICENSE", "program"])
        self.assertEqual([entry.external_attr >> 16 for entry in entries], [0o100644, 0o100755])
        # Zip counts in steps of two seconds.
        self.assertEqual({entry.date_time for entry in entries}, {(2023, 11, 14, 22, 13, 20)})
        self.assertEqual({(entry.create_system, entry.extra) for entry in entries}, {(3, b"")})

    def test_bytes_do_not_depend_on_the_order_of_the_files(self):
        files = {"b": (b"2", 0o644), "a": (b"1", 0o644)}
        one, two = self.write("one", files), self.write("two", dict(reversed(files.items())))
        self.assertEqual(one.read_bytes(), two.read_bytes())

    def test_a_time_before_1980_becomes_the_earliest_that_a_zip_can_hold(self):
        with zipfile.ZipFile(self.write("old.zip", {"a": (b"", 0o644)}, epoch=0)) as archive:
            self.assertEqual(archive.infolist()[0].date_time, (1980, 1, 1, 0, 0, 0))

    def test_content_hash_covers_names_and_contents_and_no_more(self):
        files = {"def": (b"data for def", 0o755), "abc": (b"data for abc", 0o644)}
        lines = "".join(f"{hashlib.sha256(files[name][0]).hexdigest()}  {name}\n" for name in ("abc", "def"))
        expected = "h1:" + base64.b64encode(hashlib.sha256(lines.encode()).digest()).decode()
        self.assertEqual(content_hash(self.write("one.zip", files)), expected)
        other_modes = {name: (content, 0o600) for name, (content, _) in files.items()}
        self.assertEqual(content_hash(self.write("two.zip", other_modes, epoch=0)), expected)

    def test_zip_hash_is_the_checksum_of_the_archive(self):
        file = self.folder / "file"
        file.write_bytes(b"abc")
        # FIPS 180-2, appendix B.1
        self.assertEqual(sha256(file), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        self.assertEqual(zip_hash(file), f"zh:{sha256(file)}")
