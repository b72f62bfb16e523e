"""The Makefile describes itself."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_make_alone_lists_every_target_with_a_line():
    done = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True)
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)

    for target in phony.group(1).split():
        assert re.search(rf"{target}\b.*\w", done.stdout), target


def test_the_readme_names_only_targets_that_exist():
    makefile = (ROOT / "Makefile").read_text()

    readme = (ROOT / "README.md").read_text()
    for target in re.findall(r"(?:`|^)make ([a-z]+)", readme, re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
