"""Which machine a program is for."""

MACHINES = {3: "i386", 21: "ppc64", 22: "s390x", 40: "arm", 62: "x86-64", 183: "aarch64", 243: "riscv"}
OF_PLATFORM = {"linux/amd64": "x86-64", "linux/arm64": "aarch64", "linux/s390x": "s390x"}


def machine(path):
    """`aarch64`, or None for a file that is no ELF file."""
    with path.open("rb") as file:
        head = file.read(20)
    if len(head) < 20 or head[:4] != b"\x7fELF":
        return None
    return MACHINES.get(int.from_bytes(head[18:20], "little" if head[5] == 1 else "big"), "another machine")


def machines(folder):
    """The machine of every ELF file below a folder, by path."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink() and (of := machine(path)):
            found[path.relative_to(folder).as_posix()] = of
    return found
