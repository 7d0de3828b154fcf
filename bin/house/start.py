"""From any Python 3 to our own virtual environment.

This file must stay readable by old Pythons, so that they can say what is missing: no `X | Y` in signatures,
no `match`, standard library only.
"""

import contextlib
import errno
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCK = ROOT / "requirements.lock"
MARKER = VENV / ".requirements.sha256"
MINIMUM = (3, 11)
NEW_ENOUGH = "import sys; sys.exit(sys.version_info < (3, 11))"
SPACE_NEEDED = 1500 * 1024 * 1024  # bytes: the environment takes about 800 MB, data and caches the rest


def enter(script):
    """Return only inside `.venv` with the locked packages; else build it and start `script` again in it."""
    os.environ.setdefault("CIRCUNFLEJO_BEGAN", str(time.time()))
    if os.environ.get("CIRCUNFLEJO_ENTERED") == str(VENV) and Path(sys.prefix).resolve() == VENV.resolve():
        del os.environ["CIRCUNFLEJO_ENTERED"]
        return
    if sys.version_info < MINIMUM:
        _continue_with_newer(script)
    try:
        with _alone():
            _environment()
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        _stop("The disk is full: free some space under {} and start again.".format(ROOT))  # noqa: UP032
    os.environ["CIRCUNFLEJO_ENTERED"] = str(VENV)
    # Four programs that compile Django anew at every start take twice as long (measured: 8 s instead of 4).
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.execv(str(PYTHON), [str(PYTHON), os.path.abspath(script)] + sys.argv[1:])  # noqa: RUF005


def _say(line):
    """On standard error: what standard output says may be read by a shell's eval."""
    sys.stdout.flush()
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


def _stop(sentence):
    _say(sentence)
    sys.exit(1)


def _continue_with_newer(script):
    for minor in range(20, MINIMUM[1] - 1, -1):
        found = shutil.which(f"python3.{minor}")
        if found and subprocess.call([found, "-c", ""], stderr=subprocess.DEVNULL) == 0:
            os.execv(found, [found, os.path.abspath(script)] + sys.argv[1:])  # noqa: RUF005
    _stop(
        "Circunflejo needs Python 3.11 or newer. This is Python {} and no newer one is on the PATH.".format(
            ".".join(str(part) for part in sys.version_info[:3])
        )
    )


@contextlib.contextmanager
def _alone():
    """One builder at a time, should two commands start in the same fresh clone."""
    (ROOT / "var").mkdir(exist_ok=True)
    with open(str(ROOT / "var" / ".venv.lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _environment():
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    works = (
        PYTHON.exists() and subprocess.call([str(PYTHON), "-c", NEW_ENOUGH], stderr=subprocess.DEVNULL) == 0
    )
    if works and MARKER.exists() and MARKER.read_text().strip() == wanted:
        return
    if shutil.disk_usage(str(ROOT)).free < SPACE_NEEDED:
        _stop(f"Installing needs about 1.5 GB of free disk under {ROOT}; there is less.")
    if not works:
        _say("· making the virtual environment .venv")
        _make_venv()
    _say("· installing the locked packages (a minute or two the first time)")
    _install()
    MARKER.write_text(wanted + "\n")


def _make_venv():
    if VENV.exists() or VENV.is_symlink():
        shutil.rmtree(str(VENV))
    made = subprocess.run(
        [sys.executable, "-m", "venv", str(VENV)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if made.returncode == 0:
        return
    if shutil.which("uv") and subprocess.call(["uv", "venv", "-q", "-p", sys.executable, str(VENV)]) == 0:
        return
    sys.stderr.write(made.stdout.decode(errors="replace"))
    _stop(
        "Python could not make a virtual environment. On Debian and Ubuntu install python3-venv, then repeat."
    )


def _install():
    """Install the lock with hashes: `uv` when it is at hand, pip otherwise or when `uv` fails."""
    what = ["install", "-q", "--require-hashes", "-r", str(LOCK)]
    uv_says = subprocess.DEVNULL
    if shutil.which("uv") and (
        subprocess.call(
            ["uv", "pip", *what, "--compile-bytecode", "-p", str(PYTHON)], stdout=uv_says, stderr=uv_says
        )
        == 0
    ):
        return
    python = str(PYTHON)
    if subprocess.call([python, "-m", "pip", "--version"], stdout=uv_says, stderr=uv_says) != 0:
        subprocess.check_call([python, "-m", "ensurepip", "-q"])
    pip = [python, "-m", "pip", "--disable-pip-version-check", *what, "--progress-bar", "off"]
    if subprocess.call(pip) != 0:
        if shutil.disk_usage(str(ROOT)).free < 50 * 1024 * 1024:
            _stop(f"The disk is full: free some space under {ROOT} and start again.")
        _stop(
            "The packages could not be installed (pip's own words are above). The first start needs the "
            "network to reach a Python package index; later starts do not. Repeat when it is reachable."
        )
