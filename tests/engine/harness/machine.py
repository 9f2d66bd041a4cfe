"""The machine that the builds run on: Debian's packages, the emulator, a registry and an engine, all of them private."""

import contextlib
import os
import platform
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

from .steps import Failed, Skip, run, say

PROGRAMS = {
    "dockerd": "docker.io",
    "docker-registry": "docker-registry",
    "debootstrap": "debootstrap",
    "qemu-aarch64-static": "qemu-user-static",
    "update-binfmts": "binfmt-support",
    "openssl": "openssl",
}
BINFMT = Path("/proc/sys/fs/binfmt_misc")


def require():
    """Raises `Skip` where the builds cannot run; installs what is missing."""
    if platform.system() != "Linux" or platform.machine() != "x86_64":
        raise Skip("needs Linux on amd64")
    if os.geteuid() != 0:
        raise Skip("needs root, to start an engine and register the emulator")
    if shutil.which("apt-get") is None:
        raise Skip("needs Debian or Ubuntu, to install an engine from their packages")
    missing = sorted(package for program, package in PROGRAMS.items() if shutil.which(program) is None)
    if subprocess.run(["python3", "-m", "pip", "--version"], capture_output=True).returncode != 0:
        missing.append("python3-pip")
    if missing:
        say(f"installing {' '.join(missing)}")
        install(missing)


def install(packages):
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        run("apt-get", "update", environment=quiet)
        run("apt-get", "install", "--yes", "--no-install-recommends", *packages, environment=quiet)
    except Failed as reason:
        raise Skip(f"Debian's packages cannot be had\n{reason}") from None


class Emulator:
    """QEMU for arm64, as the kernel knows it. Leaves the machine as it was."""

    entry = BINFMT / "qemu-aarch64"

    def __init__(self, keep):
        self.keep = keep

    def __enter__(self):
        self.mounted = not (BINFMT / "register").exists()
        self.registered = not self.entry.exists()
        try:
            if self.mounted:
                run("mount", "-t", "binfmt_misc", "binfmt_misc", BINFMT)
            if self.registered:
                run("update-binfmts", "--enable", "qemu-aarch64")
        except Failed as reason:
            self.unmount()
            raise Skip(f"the kernel takes no emulator\n{reason}") from None
        self.was_on = self.entry.read_text().startswith("enabled")
        self.switch(True)
        return self

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

    def __exit__(self, *_):
        if self.keep:
            return
        self.switch(self.was_on)
        if self.registered:
            run("update-binfmts", "--disable", "qemu-aarch64")
        self.unmount()

    def unmount(self):
        if self.mounted:
            subprocess.run(["umount", BINFMT], check=False)


class Service:
    """A program that runs until the end of the `with`."""

    def __init__(self, command, log):
        self.command, self.log = [str(word) for word in command], log

    def __enter__(self):
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        return self

    def wait_until(self, ready, seconds=60):
        for _ in range(seconds * 10):
            if self.process.poll() is not None:
                break
            if ready():
                return
            time.sleep(0.1)
        raise Skip(f"{self.command[0]} does not start:\n{self.log.read_text()[-4000:]}")

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


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
        registry = stack.enter_context(Service(["docker-registry", "serve", settings], work / "registry.log"))
        registry.wait_until(lambda: answers(f"http://{address}/v2/"))
        host = f"unix://{work}/docker.sock"
        environment = {"DOCKER_HOST": host, "DOCKER_BUILDKIT": "1", "BUILDKIT_PROGRESS": "plain"}
        daemon = stack.enter_context(Service(
            ["dockerd", "--host", host, "--data-root", work / "data", "--exec-root", work / "exec",
             "--pidfile", work / "pid", "--bridge=none", "--iptables=false", "--ip6tables=false",
             "--registry-mirror", f"http://{address}"],
            work / "dockerd.log",
        ))
        daemon.wait_until(lambda: (work / "docker.sock").exists() and docker_answers(environment))
        yield work, address, environment
        if keep:
            stack.pop_all()
            say(f"\nkept: DOCKER_HOST={host} DOCKER_BUILDKIT=1 /usr/bin/docker build --network=host …\n"
                f"ends with: kill {daemon.process.pid} {registry.process.pid}; rm -r {work}")


def tidy(work):
    """Removes the scratch folder, with the mounts that a daemon left in it, whoever is impatient."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    mounts = [line.split()[4] for line in Path("/proc/self/mountinfo").read_text().splitlines()]
    for mount in sorted((mount for mount in mounts if mount.startswith(f"{work}/")), reverse=True):
        subprocess.run(["umount", "--lazy", mount], check=False)
    shutil.rmtree(work, ignore_errors=True)


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
    done = subprocess.run(["/usr/bin/docker", "version"], env={**os.environ, **environment}, capture_output=True)
    return done.returncode == 0
