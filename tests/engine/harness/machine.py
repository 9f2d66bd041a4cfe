"""The machine that the builds run on: Debian's packages, the emulator, a registry and an engine, all of them private."""

import contextlib
import os
import platform
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

from .docker import DOCKER
from .steps import Failed, Skip, run, say

PROGRAMS = {
    "dockerd": "docker.io",
    "docker-registry": "docker-registry",
    "debootstrap": "debootstrap",
    "qemu-aarch64-static": "qemu-user-static",
    "update-binfmts": "binfmt-support",
    "openssl": "openssl",
    "update-ca-certificates": "ca-certificates",
}
# Asks for a package without getting it.
PACKAGE_INDEX = ["python3", "-m", "pip", "--retries", "0", "index", "versions", "ziglang"]
# What the images and builds of a project take, and some more.
SPACE = 8 << 30
BINFMT = Path("/proc/sys/fs/binfmt_misc")


def require():
    """Raises `Skip` where the builds cannot run; installs what is missing."""
    if platform.system() != "Linux" or platform.machine() != "x86_64":
        raise Skip("needs Linux on amd64")
    if os.geteuid() != 0:
        raise Skip("needs root, to start an engine and register the emulator")
    if shutil.which("apt-get") is None:
        raise Skip("needs Debian or Ubuntu, to install an engine from their packages")
    if shutil.disk_usage("/var/tmp").free < SPACE:
        raise Skip(f"needs {SPACE >> 30} GB in /var/tmp")
    missing = sorted(package for program, package in PROGRAMS.items() if shutil.which(program) is None)
    if subprocess.run(["python3", "-m", "pip", "--version"], capture_output=True).returncode != 0:
        missing.append("python3-pip")
    if missing:
        say(f"installing {' '.join(missing)}")
        install(missing)
    # The builds get packages, too.
    if subprocess.run(PACKAGE_INDEX, capture_output=True).returncode != 0:
        raise Skip("needs a network, to download packages")


def install(packages):
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        run("apt-get", "update", environment=quiet)
        run("apt-get", "install", "--yes", "--no-install-recommends", *packages, environment=quiet)
    except Failed as reason:
        raise Skip(f"Debian's packages cannot be had\n{reason}") from None


class Emulator:
    """QEMU for arm64, registered with the kernel."""

    entry = BINFMT / "qemu-aarch64"

    def is_on(self):
        return self.entry.read_text().startswith("enabled")

    def switch(self, on):
        self.entry.write_text("1" if on else "0")

    @contextlib.contextmanager
    def off(self):
        """While it lasts, an arm64 program ends with «exec format error»."""
        self.switch(False)
        try:
            yield
        finally:
            self.switch(True)


@contextlib.contextmanager
def emulator(keep):
    """The emulator, switched on. In the end the kernel is as it was, unless all is to be kept."""
    emulator = Emulator()
    with contextlib.ExitStack() as stack:
        try:
            if not (BINFMT / "register").exists():
                stack.callback(quietly, "umount", BINFMT)
                run("mount", "-t", "binfmt_misc", "binfmt_misc", BINFMT)
            if not emulator.entry.exists():
                stack.callback(quietly, "update-binfmts", "--disable", "qemu-aarch64")
                run("update-binfmts", "--enable", "qemu-aarch64")
            stack.callback(emulator.switch, emulator.is_on())
            emulator.switch(True)
        except (Failed, OSError) as reason:
            raise Skip(f"the kernel takes no emulator\n{reason}") from None
        yield emulator
        if keep:
            stack.pop_all()
            say("kept: the emulator; it ends with: update-binfmts --disable qemu-aarch64")


@contextlib.contextmanager
def engine(cache, keep):
    """A registry that holds what `cache` holds, and an engine that looks every image up there.

    Gives the folder for scratch files, the registry's address and the environment for `docker`."""
    work = Path(tempfile.mkdtemp(prefix="dflint-engine-", dir="/var/tmp"))
    with contextlib.ExitStack() as stack:
        stack.callback(tidy, work)
        address = f"127.0.0.1:{free_port()}"
        settings = work / "registry.yml"
        settings.write_text(
            f"version: 0.1\nstorage: {{filesystem: {{rootdirectory: {cache}/registry}}}}\n"
            f"http: {{addr: '{address}'}}\nlog: {{level: error}}\n"
        )
        registry = start(
            stack, ["docker-registry", "serve", settings], work / "registry.log",
            lambda: answers(f"http://{address}/v2/"),
        )
        host = f"unix://{work}/docker.sock"
        environment = {"DOCKER_HOST": host, "DOCKER_BUILDKIT": "1", "BUILDKIT_PROGRESS": "plain"}
        daemon = start(
            stack,
            ["dockerd", "--host", host, "--data-root", work / "data", "--exec-root", work / "exec",
             "--pidfile", work / "pid", "--bridge=none", "--iptables=false", "--ip6tables=false",
             "--registry-mirror", f"http://{address}"],
            work / "dockerd.log", lambda: docker_answers(environment),
        )
        yield work, address, environment
        if keep:
            stack.pop_all()
            say(f"\nkept: DOCKER_HOST={host} DOCKER_BUILDKIT=1 /usr/bin/docker build --network=host …\n"
                f"ends with: kill {daemon.pid} {registry.pid}; rm -r {work}")


def start(stack, command, log, ready):
    """Starts a program that runs until the end of the stack, and waits until it is ready."""
    with log.open("w") as output:
        process = subprocess.Popen(
            list(map(str, command)), stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
        )
    stack.callback(stop, process)
    for _ in range(600):
        if ready():
            return process
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise Skip(f"{command[0]} does not start:\n{log.read_text()[-4000:]}")


def stop(process):
    process.terminate()
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def tidy(work):
    """Removes the scratch folder, with the mounts that a daemon left in it."""
    mounts = [line.split()[4] for line in Path("/proc/self/mountinfo").read_text().splitlines()]
    for mount in sorted((mount for mount in mounts if mount.startswith(f"{work}/")), reverse=True):
        quietly("umount", "--lazy", mount)
    shutil.rmtree(work, ignore_errors=True)


def quietly(*command):
    """Runs what may fail."""
    subprocess.run(command, check=False, capture_output=True)


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def answers(url):
    try:
        return urllib.request.urlopen(url, timeout=2).status == 200
    except OSError:
        return False


def docker_answers(environment):
    done = subprocess.run([DOCKER, "version"], env={**os.environ, **environment}, capture_output=True)
    return done.returncode == 0
