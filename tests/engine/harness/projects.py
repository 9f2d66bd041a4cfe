"""Builds each of projects/ as its author wrote it, under emulation, and as `dflint check --fix` leaves it, natively."""

import hashlib
import tomllib
from dataclasses import dataclass
from pathlib import Path

from . import downloads, elf
from .dflint import copy
from .docker import in_root
from .steps import Failed, expect

FOLDER = Path(__file__).parent.parent / "projects"
FOREIGN, NATIVE = "linux/arm64", "linux/amd64"


@dataclass
class Project:
    name: str
    about: str
    """What it is, for the table."""
    fix: str
    """`safe`, `unsafe`, or `followed`: dflint only gives advice, and followed.Dockerfile is the file of who took it."""
    run: list
    """A program of the image with its arguments; empty where nothing is to run."""
    reproducible: bool
    """Whether emulated and native builds give the same bytes."""
    quick: bool = False
    """Whether it is part of `--quick`."""

    @property
    def folder(self):
        return FOLDER / self.name


@dataclass
class Measured:
    """Seconds in the RUNs of one project, in the same run of the test."""

    project: Project
    emulated: float
    fixed: float
    installing: float
    """Those of the fixed file that went into a cross compiler's packages."""

    def __str__(self):
        return f"{self.emulated:.1f} s emulated, {self.fixed:.1f} s after the fix"


def projects():
    files = sorted(FOLDER.glob("*/project.toml"))
    return [Project(file.parent.name, **tomllib.loads(file.read_text())) for file in files]


def check(machine, project):
    """The outcomes of section C of README.md; gives the times."""
    docker, options = machine.docker, downloads.OPTIONS
    after = mended(machine, project)
    for dockerfile in [project.folder / "Dockerfile", after / "Dockerfile"]:
        machine.images.ensure(dockerfile.read_text())

    # The hard test: without an emulator no RUN on the target can run, which the original shows.
    with machine.emulator.off():
        refused = docker.failure(project.folder, FOREIGN, options)
        fixed = docker.export(after, FOREIGN, options)
    if "exec format error" not in refused:
        raise Failed(f"without an emulator, the original fails otherwise:\n{refused}")
    emulated = docker.export(project.folder, FOREIGN, options)
    same(project, emulated.folder, fixed.folder, FOREIGN)
    if project.run:
        expect("what it prints", in_root(fixed.folder, *project.run), in_root(emulated.folder, *project.run))

    native = [docker.export(folder, NATIVE, options) for folder in (project.folder, after)]
    same(project, native[0].folder, native[1].folder, NATIVE)
    for built in [fixed, emulated, *native]:
        docker.forget(built)
    docker.prune()
    return Measured(project, emulated.seconds, fixed.seconds, fixed.installing)


def mended(machine, project):
    """A copy of a project after the fix, or the advice."""
    before = project.folder / "Dockerfile"
    emulated, _ = machine.dflint.emulated(before, FOREIGN)
    if emulated == 0:
        raise Failed("the plan has nothing emulated before the fix")
    if project.fix == "followed" and not machine.dflint.findings(before):
        raise Failed("dflint gives no advice")
    after = copy(project.folder, machine.docker.work / f"{project.name}-fixed")
    if project.fix == "followed":
        (after / "followed.Dockerfile").replace(after / "Dockerfile")
    else:
        machine.dflint.fix(after / "Dockerfile", unsafe=project.fix == "unsafe")
    emulated, runs = machine.dflint.emulated(after / "Dockerfile", FOREIGN)
    if emulated != 0:
        raise Failed(f"the plan has {emulated} of {runs} RUNs emulated after the fix:\n{(after / 'Dockerfile').read_text()}")
    if left := machine.dflint.findings(after / "Dockerfile"):
        raise Failed(f"dflint still reports {', '.join(left)}")
    return after


def same(project, before, after, platform):
    """Raises `Failed` where two exports differ in more than they may."""
    old, new = contents(before), contents(after)
    if old.keys() != new.keys():
        raise Failed(f"{platform}: only before the fix {sorted(old.keys() - new.keys())}, "
                     f"only after it {sorted(new.keys() - old.keys())}")
    machines = elf.machines(after)
    expect(f"{platform}: the ELF files", machines, dict.fromkeys(machines, elf.OF_PLATFORM[platform]))
    expect(f"{platform}: the ELF files before the fix", elf.machines(before), machines)
    if project.reproducible:
        differing = [path for path in old if old[path] != new[path]]
        expect(f"{platform}: the files whose bytes differ", differing, [])


def contents(folder):
    """What stands at every path below a folder."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_symlink():
            what = f"link to {path.readlink()}"
        elif path.is_file():
            what = hashlib.sha256(path.read_bytes()).hexdigest()
        else:
            what = "folder"
        found[path.relative_to(folder).as_posix()] = what
    return found
