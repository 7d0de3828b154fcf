"""A house with the real supervisor, PostgreSQL and Valkey, and stand-ins for the applications.

`python stand_in.py --var FOLDER [--no-demo]` is bin/run with another table of programs;
`python stand_in.py serve` is the stand-in: it answers 200, says that its workers are ready
and, like the application, has a child of its own.
"""

import http.server
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bin"))


def serve() -> None:
    """Answer every GET; the child keeps nothing open but must not outlive its parent for long."""

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()

    door = os.environ.get("GRANIAN_PORT")
    port = int(door) if door else urlsplit(os.environ["SANDBOX_URL"]).port
    print("inbox@stand-in ready.\nnet@stand-in ready.", flush=True)
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    http.server.ThreadingHTTPServer(("127.0.0.1", port), Page).serve_forever()


def house() -> int:
    """bin/run with two stand-ins and nothing to prepare."""
    from house import programs, run

    command = f"python {Path(__file__).resolve()} serve"
    programs.TABLE[:] = [programs.Entry("sandbox", command, None), programs.Entry("app", command, "app")]
    run.prepare = lambda env, no_demo: None
    return run.main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(serve() if sys.argv[1:] == ["serve"] else house())
