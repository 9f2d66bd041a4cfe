"""Builds on the engine, and what they say of themselves."""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from .steps import Failed, run

# Debian's own client: another one in the path may not fit Debian's engine.
DOCKER = "/usr/bin/docker"


@dataclass
class Built:
    """A build that went well."""

    folder: Path
    """What was exported: the files of the last stage."""
    log: str
    seconds: float
    """Spent in RUN steps, as the engine counts it."""
    installing: float
    """How many of them in steps that install packages."""


class Docker:
    """The engine of one run. Builds have the machine's own network, and see no other engine's images."""

    def __init__(self, work, environment):
        self.work, self.environment, self.count = work, environment, 0

    def __call__(self, *arguments):
        return run(DOCKER, *arguments, environment=self.environment)

    def export(self, context, platform, options=(), fresh=True):
        """Builds and exports the files of the last stage; afresh, or with what earlier builds left in the cache."""
        self.count += 1
        folder = self.work / f"export-{self.count}"
        cache = ["--no-cache"] if fresh else []
        log = self(
            "build", "--network=host", "--platform", platform, "--output", f"type=local,dest={folder}",
            *cache, *options, context,
        )
        return Built(folder, log, seconds_of_runs(log), seconds_of_runs(log, "apt-get"))

    def image(self, tag, context, platform, options=()):
        """Builds an image of the engine's own store."""
        return self("build", "--network=host", "--platform", platform, "--tag", tag, *options, context)

    def export_text(self, text, platform, options=(), fresh=True):
        """As `export`, of a Dockerfile that needs no files."""
        return self.export(self.context_of(text), platform, options, fresh)

    def image_of_text(self, tag, text, platform):
        return self.image(tag, self.context_of(text), platform)

    def context_of(self, text):
        context = self.work / "empty"
        context.mkdir(exist_ok=True)
        (context / "Dockerfile").write_text(text)
        return context

    def failure(self, context, platform, options=()):
        """The message of a build that has to fail."""
        try:
            built = self.export(context, platform, options)
        except Failed as reason:
            return str(reason)
        raise Failed(f"the build went well:\n{built.log}")

    def forget(self, built):
        shutil.rmtree(built.folder, ignore_errors=True)

    def prune(self):
        """Frees what builds without cache have left in the cache."""
        self("builder", "prune", "--all", "--force")


def seconds_of_runs(log, of=""):
    """The seconds of the RUN steps with `of` in them, in the engine's plain progress: `#7 [build 3/3] RUN make`, later
    `#7 DONE 4.2s`."""
    steps = re.findall(r"^#(\d+) \[[^\]]*\] (RUN .*)", log, re.MULTILINE)
    runs = {number for number, text in steps if of in text}
    done = re.findall(r"^#(\d+) DONE ([\d.]+)s", log, re.MULTILINE)
    return sum(float(seconds) for step, seconds in done if step in runs)


def in_root(folder, *command):
    """What a program of an exported root prints, run there: emulated where it is of another architecture."""
    (folder / "proc").mkdir(exist_ok=True)
    return run(
        "timeout", "120", "unshare", "--pid", "--fork", "--kill-child", "--mount-proc", f"--root={folder}", *command
    )
