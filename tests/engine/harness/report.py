"""Writes the measured times into README.md of the repository."""

import os
import platform
import re
import textwrap
from pathlib import Path

from .dflint import ROOT
from .steps import run, say

START, END = "<!-- engine -->\n", "<!-- /engine -->\n"


def write(machine, measured):
    readme = ROOT / "README.md"
    before, rest = readme.read_text().split(START)
    after = rest.split(END)[1]
    readme.write_text(f"{before}{START}\n{table(machine, measured)}\n{END}{after}")
    say(f"\nwrote the times of {len(measured)} projects into README.md")


def table(machine, measured):
    rows = ["| project | emulated | after the fix | times faster | fix |", "|---|---:|---:|---:|---|"]
    for one in sorted(measured, key=lambda one: one.project.about):
        how = "advice, followed by hand" if one.project.fix == "followed" else one.project.fix
        compiling = one.fixed - one.installing
        spent = f"{compiling:.1f} s" + (f" and {one.installing:.0f} s to install" if one.installing else "")
        ratio = one.emulated / max(one.fixed, 0.1)
        rows.append(f"| {one.project.about} | {one.emulated:.1f} s | {spent} | {ratio:.1f} | {how} |")
    return "\n".join(rows) + "\n\n" + described(machine)


def described(machine):
    """The machine, in a sentence."""
    processor = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    memory = re.search(r"MemTotal:\s*(\d+)", Path("/proc/meminfo").read_text())
    gigabytes = round(int(memory[1]) / 1024 / 1024)
    qemu = re.search(r"version ([\d.]+)", run("qemu-aarch64-static", "--version"))[1]
    docker = re.match(r"[\d.]+", machine.docker("version", "--format", "{{.Server.Version}}"))[0]
    text = (
        f"Seconds in the RUN steps of a build for linux/arm64, without cache, all of one run of `tests/engine/run --report`: "
        f"{os.cpu_count()} processors ({processor[1] if processor else platform.processor()}), {gigabytes} GB, "
        f"Docker {docker}, QEMU {qemu}. What is to install is the cross compiler, once for each image and kept in the cache "
        "of layers; the emulated images bring their compilers along."
    )
    return textwrap.fill(text, 120) + "\n"
