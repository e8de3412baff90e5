"""No file in the repository shows where, or with which tools, it was written."""

import re

from tests.house.places import assert_none, kept_files, name

# One letter of each word is in brackets, so that this file passes its own test.
MACHINE = ["/[w]ork/", "/[r]oot/", r"(?<![\w/])/[h]ome/\w+/", "/[U]sers/"]
REGISTRIES = [r"py[p]i\.org", "python[h]osted", r"npm[j]s\.", r"deb\.[d]ebian"]
FORBIDDEN = re.compile("|".join([*MACHINE, *REGISTRIES]))


def test_no_kept_file_names_a_machine_or_a_package_registry() -> None:
    named = [
        f"{name(path)}:{number}: {found[0]}"
        for path in kept_files()
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1)
        if (found := FORBIDDEN.search(line))
    ]
    assert_none(named)
