"""What pre-commit installs from this repository: the wheel that PyPI has of this version, so that nothing is compiled.

The wheel itself is built by packaging/wheel.
"""

import re
from pathlib import Path

from setuptools import setup

manifest = Path(__file__).with_name("Cargo.toml").read_text(encoding="utf-8")
version = re.search(r'^version = "(.+)"$', manifest, re.MULTILINE)[1]
setup(name="dflint-pre-commit", version=version, install_requires=[f"dflint=={version}"], py_modules=[])
