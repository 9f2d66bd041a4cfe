"""Holds wrong-arch/cases.toml against the engine: the wrong architecture before, the right one after."""

import contextlib
import tomllib
from pathlib import Path

from . import downloads, elf
from .dflint import copy
from .steps import Failed, expect

FOLDER = Path(__file__).parent.parent / "wrong-arch"
PLATFORM = "linux/arm64"


def cases():
    return tomllib.loads((FOLDER / "cases.toml").read_text())["case"]


def check(machine, case):
    rule = case["rule"]
    before = context(machine, "before", case["before"])
    if rule not in machine.dflint.findings(before / "Dockerfile"):
        raise Failed(f"dflint does not report {rule}")
    after = context(machine, "after", case.get("followed", case["before"]))
    if "fix" in case:
        machine.dflint.fix(after / "Dockerfile", unsafe=case["fix"] == "unsafe")
    if rule in machine.dflint.findings(after / "Dockerfile"):
        raise Failed(f"dflint still reports {rule}:\n{(after / 'Dockerfile').read_text()}")

    with machine.emulator.off() if "fails" in case else contextlib.nullcontext():
        if "wrong" in case:
            expect("the machine of /program before", program(machine, before), case["wrong"])
        else:
            message = machine.docker.failure(before, PLATFORM)
            if case["fails"] not in message:
                raise Failed(f"no {case['fails']!r} in:\n{message}")
        expect("the machine of /program after", program(machine, after), "aarch64")


def context(machine, name, dockerfile):
    """A folder to build in."""
    machine.images.ensure(dockerfile)
    folder = copy(FOLDER / "context", machine.docker.work / name)
    (folder / "Dockerfile").write_text(dockerfile)
    return folder


def program(machine, context):
    built = machine.docker.export(context, PLATFORM, downloads.OPTIONS)
    found = elf.machine(built.folder / "program")
    machine.docker.forget(built)
    return found
