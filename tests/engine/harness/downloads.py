"""A server on loopback that has a program for each architecture, under the names that projects give their downloads."""

import hashlib
import sys

from .machine import Service, answers, free_port

# How projects spell an architecture in the names of what they publish.
SPELLINGS = {"linux/amd64": ["amd64", "x86_64", "x64"], "linux/arm64": ["arm64", "aarch64"]}


class Downloads:
    """Serves `echo-aarch64`, `echo-linux-arm64` and the like, with their checksums, while the `with` lasts.

    Dockerfiles take the address from `ARG MIRROR`."""

    def __init__(self, docker, images):
        self.docker, self.images = docker, images
        self.folder = docker.work / "downloads"
        self.address = f"http://127.0.0.1:{free_port()}"
        self.options = ["--build-arg", f"MIRROR={self.address}"]

    def __enter__(self):
        self.folder.mkdir()
        dockerfile = "FROM scratch\nCOPY --from=debian:bookworm /usr/bin/echo /echo\n"
        self.images.ensure(dockerfile)
        for platform, spellings in SPELLINGS.items():
            built = self.docker.export_text(dockerfile, platform)
            content = (built.folder / "echo").read_bytes()
            for name in [f"echo-{prefix}{spelling}" for spelling in spellings for prefix in ("", "linux-")]:
                (self.folder / name).write_bytes(content)
                (self.folder / f"{name}.sha256").write_text(f"{hashlib.sha256(content).hexdigest()}  {name}\n")
        command = [sys.executable, "-m", "http.server", self.address.rpartition(":")[2],
                   "--bind", "127.0.0.1", "--directory", self.folder]
        self.service = Service(command, self.docker.work / "downloads.log").__enter__()
        self.service.wait_until(lambda: answers(f"{self.address}/echo-arm64"))
        return self

    def __exit__(self, *error):
        self.service.__exit__(*error)
