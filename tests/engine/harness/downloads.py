"""A server on loopback that stands for those that Dockerfiles download programs from."""

import functools
import http.server
import ssl
import threading

from .steps import run

# How projects spell an architecture in the names of what they publish. Docker's own comes first.
SPELLINGS = {"linux/amd64": ["amd64", "x86_64", "x64"], "linux/arm64": ["arm64", "aarch64"]}

# A project whose names dflint knows, and the address that its host has in these builds.
KNOWN_HOST, KNOWN_PATH = "dl.k8s.io", "release/v1.33.0/bin/linux/{}/kubectl"
ADDRESS = "127.0.0.80"


class Downloads:
    """Serves a program for each architecture while the `with` lasts: as `echo-aarch64`, `echo-linux-arm64` and the like to
    Dockerfiles that say `ARG MIRROR`, and under the name and the path of a known project."""

    def __init__(self, docker, images):
        self.docker, self.images = docker, images
        self.folder = docker.work / "downloads"
        self.options = ["--build-arg", f"MIRROR=http://{ADDRESS}", "--add-host", f"{KNOWN_HOST}:{ADDRESS}"]
        self.servers = []

    def __enter__(self):
        dockerfile = "FROM scratch\nCOPY --from=debian:bookworm /usr/bin/echo /echo\n"
        self.images.ensure(dockerfile)
        for platform, spellings in SPELLINGS.items():
            built = self.docker.export_text(dockerfile, platform)
            names = [f"echo-{prefix}{spelling}" for spelling in spellings for prefix in ("", "linux-")]
            for name in [*names, KNOWN_PATH.format(spellings[0])]:
                path = self.folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes((built.folder / "echo").read_bytes())
        self.serve(80)
        self.serve(443, self.certificate())
        return self

    def certificate(self):
        """One that nobody trusts: Dockerfiles say `curl --insecure`."""
        key, certificate = self.docker.work / "key.pem", self.docker.work / "certificate.pem"
        run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={KNOWN_HOST}",
            "-keyout", key, "-out", certificate)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        return context

    def serve(self, port, context=None):
        handler = functools.partial(Quiet, directory=self.folder)
        server = http.server.ThreadingHTTPServer((ADDRESS, port), handler)
        if context:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.servers.append(server)

    def __exit__(self, *_):
        for server in self.servers:
            server.shutdown()
            server.server_close()


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass
