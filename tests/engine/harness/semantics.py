"""Holds semantics.toml against the engine."""

import contextlib
import tomllib
from pathlib import Path

from . import elf
from .steps import Failed, Skip, expect

FILE = Path(__file__).parent.parent / "semantics.toml"


def cases():
    return tomllib.loads(FILE.read_text())["case"]


def check(machine, case):
    version = machine.docker("version", "--format", "{{.Server.Version}}").strip()
    if "since" in case and numbers(version) < numbers(case["since"]):
        raise Skip(f"needs Docker {case['since']}, this is {version}")
    machine.images.ensure(case["dockerfile"])
    with contextlib.nullcontext() if case.get("emulator", True) else machine.emulator.off():
        if "fails" in case:
            message = machine.docker.failure(machine.docker.context_of(case["dockerfile"]), "linux/arm64")
            if case["fails"] not in message:
                raise Failed(f"no {case['fails']!r} in:\n{message}")
        if "shared" in case:
            outs = {out(machine.docker, case, platform, False) for platform in ["linux/amd64", "linux/arm64"]}
            expect("the step ran once", len(outs) == 1, case["shared"])
        for platform, expected in case.get("out", {}).items():
            fresh = not case.get("cached", False)
            expect(f"/out for {platform}", out(machine.docker, case, platform, fresh), expected)
        for platform, expected in case.get("elf", {}).items():
            built = machine.docker.export_text(case["dockerfile"], platform)
            expect(f"the machine of /program for {platform}", elf.machine(built.folder / "program"), expected)
            machine.docker.forget(built)
        for platform, expected in case.get("label", {}).items():
            machine.docker.image_of_text("labelled", case["dockerfile"], platform)
            label = machine.docker("image", "inspect", "--format", "{{.Architecture}}", "labelled").strip()
            expect(f"the label for {platform}", label, expected)


def out(docker, case, platform, fresh):
    built = docker.export_text(case["dockerfile"], platform, case.get("options", ()), fresh)
    text = (built.folder / "out").read_text().strip()
    docker.forget(built)
    return text


def numbers(version):
    """`20.10.24+dfsg1` as (20, 10), to compare."""
    return tuple(int(part) for part in version.split(".")[:2])
