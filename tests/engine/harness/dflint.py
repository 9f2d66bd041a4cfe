"""dflint itself, as a user runs it."""

import json
import os
import shutil
import subprocess
from pathlib import Path

from .steps import Failed, run

ROOT = Path(__file__).resolve().parents[3]


class Dflint:
    """The program of this checkout, or another one."""

    def __init__(self, program=None):
        if program is None:
            run("cargo", "build", "--quiet", cwd=ROOT)
            program = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "debug" / "dflint"
        self.program = program

    def findings(self, dockerfile):
        """The codes of what is found in a file."""
        report = self.answer("check", "--no-config", "--output-format", "json", dockerfile)
        return [finding["rule"] for finding in json.loads(report)]

    def fix(self, dockerfile, unsafe=False):
        self.answer("check", "--no-config", "--fix", *(["--unsafe-fixes"] if unsafe else []), dockerfile)

    def emulated(self, dockerfile, platform):
        """How many RUNs a build on this machine emulates, and how many it runs at all."""
        plan = json.loads(self.answer("plan", "--format", "json", "--platform", platform, dockerfile))
        totals = plan["platforms"][0]["totals"]
        return totals["emulated"], totals["runs"] - totals["unused"]

    def answer(self, *arguments):
        done = subprocess.run([self.program, *map(str, arguments)], text=True, capture_output=True)
        if done.returncode > 1:
            raise Failed(f"dflint {' '.join(map(str, arguments))} ended with {done.returncode}:\n{done.stderr}")
        return done.stdout


def copy(folder, to):
    """A copy of a project to rewrite."""
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(folder, to)
    return to
