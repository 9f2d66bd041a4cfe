"""A server on loopback that stands for those that Dockerfiles download programs from."""

import contextlib
import functools
import http.server
import ssl
import tarfile
import threading

from .steps import Skip, run

ADDRESS = "127.0.0.80"

# What is served for each platform: at hosts that dflint knows, as they spell it, and for `ARG MIRROR` in other spellings.
HOSTS = ["dl.k8s.io", "github.com"]
PROGRAMS = {
    "linux/amd64": [
        "release/v1.33.0/bin/linux/amd64/kubectl", "Yelp/dumb-init/releases/download/v1.2.5/dumb-init_1.2.5_x86_64",
        "echo-linux-amd64", "echo-x86_64",
    ],
    "linux/arm64": [
        "release/v1.33.0/bin/linux/arm64/kubectl", "Yelp/dumb-init/releases/download/v1.2.5/dumb-init_1.2.5_aarch64",
        "echo-linux-arm64", "echo-aarch64",
    ],
}
# For the builds that download from it.
OPTIONS = ["--build-arg", f"MIRROR=http://{ADDRESS}", *(f"--add-host={host}:{ADDRESS}" for host in HOSTS)]


@contextlib.contextmanager
def served(docker, images):
    """While it lasts, programs for each architecture can be downloaded, and archives of them."""
    folder = docker.work / "downloads"
    dockerfile = "FROM scratch\nCOPY --from=debian:bookworm /usr/bin/echo /echo\n"
    images.ensure(dockerfile)
    for platform, names in PROGRAMS.items():
        program = docker.export_text(dockerfile, platform).folder / "echo"
        for path in [folder / name for name in names]:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(program.read_bytes())
        name = f"echo-{platform.replace('/', '-')}"
        with tarfile.open(folder / f"{name}.tar.gz", "w:gz") as archive:
            archive.add(program, f"{name}/echo")
    with serving(folder, 80), serving(folder, 443, certificate(docker.work)):
        yield


@contextlib.contextmanager
def serving(folder, port, certified=None):
    try:
        server = http.server.ThreadingHTTPServer((ADDRESS, port), functools.partial(Quiet, directory=folder))
    except OSError as reason:
        raise Skip(f"port {port} of {ADDRESS} cannot be had: {reason}") from None
    with server:
        if certified:
            server.socket = certified.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield
        server.shutdown()


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def certificate(folder):
    """One that nobody trusts: Dockerfiles say `curl --insecure`."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={ADDRESS}",
        "-keyout", key, "-out", certificate)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context
