"""What every part needs: saying what is done, running commands, and counting outcomes."""

import os
import signal
import subprocess


class Skip(Exception):
    """This machine cannot do it: no fault of dflint's."""


class Failed(Exception):
    """Something is not as it has to be. The message says what, and what was expected."""


class Counts:
    """Outcomes, printed as they come."""

    def __init__(self):
        self.passed, self.failed, self.skipped = 0, [], 0

    def check(self, name, test, keep=lambda result: None):
        """Runs `test`; a `Failed` that it raises is counted under `name`. What it gives goes to `keep`."""
        try:
            result = test()
        except Skip as reason:
            self.skipped += 1
            say(f"skip  {name}: {reason}")
        except Failed as reason:
            self.failed.append(name)
            say(f"FAIL  {name}\n{indent(reason)}")
        else:
            self.passed += 1
            keep(result)
            say(f"ok    {name}{f' ({result})' if result else ''}")

    def summary(self):
        return f"{self.passed} passed, {len(self.failed)} failed, {self.skipped} skipped"


def say(text):
    print(text, flush=True)


def title(text):
    say(f"\n==> {text}")


def indent(text):
    return "".join(f"      {line}\n" for line in str(text).splitlines()).rstrip("\n")


def run(*command, environment=None, **options):
    """Runs a command and gives its output; its whole output is the message when it fails."""
    process = subprocess.Popen(
        [str(word) for word in command],
        text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, start_new_session=True,
        env={**os.environ, **(environment or {})}, **options,
    )
    try:
        output, _ = process.communicate()
    except BaseException:
        # With all that it has started.
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()
        raise
    if process.returncode != 0:
        raise Failed(f"{' '.join(map(str, command))}\nended with {process.returncode}:\n{output}")
    return output


def expect(what, found, expected):
    if found != expected:
        raise Failed(f"{what} is {found!r}, expected {expected!r}")
