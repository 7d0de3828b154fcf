"""What the parent of the application reads before it forks: what its children need, and nothing that runs."""

from __future__ import annotations

import json
import subprocess
import sys

from django.conf import settings

READ = """
import json, sys, threading
from helpdesk import serve
serve.read(["door", "inbox", "net"])
print(json.dumps({"modules": sorted({name.partition(".")[0] for name in sys.modules}),
                  "threads": threading.active_count()}))
"""
# Large, and for a terminal, for tests or for a rare page: every process would hold them.
UNWANTED = {
    "prompt_toolkit",
    "click_repl",
    "IPython",
    "numpy",
    "hypothesis",
    "pytest",
    "xlsxwriter",
    "holidays",
}


def test_parent_reads_no_library_that_its_parts_do_not_need() -> None:
    """Nor does it start a thread: a fork would not have it."""
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", READ],
        cwd=settings.BASE_DIR, capture_output=True, text=True, check=True,
    )  # fmt: skip
    read = json.loads(ran.stdout.splitlines()[-1])
    assert "celery" in read["modules"]
    assert not UNWANTED & set(read["modules"])
    assert read["threads"] == 1
