"""What is left when programs are killed at random moments: the old state or the new one.

Kills each kind of program (a migration, the seeding of a new state folder, a worker's import of an
uploaded layer, a release, a backup, a restoring, and a whole server at an import) so many times
with SIGKILL, looks at what it left, starts it again, and ends with an error where anything lies
between old and new or does not come to its end.

Run: ``python benchmarks/faults.py [--times 50] [--seed 1] [--only release ...]``
"""

import argparse
import socket
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from killed_programs import KINDS, kill_often, kill_server


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--times", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="*", choices=[*KINDS, "server"], default=[])
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kulan-faults-") as name:
        for kind in asked.only or [*KINDS, "server"]:
            folder = Path(name) / kind
            if kind == "server":
                with socket.socket() as one:
                    one.bind(("127.0.0.1", 0))
                    port = one.getsockname()[1]
                print(kill_server(asked.times, folder, port, seed=asked.seed), flush=True)
            else:
                print(kill_often(kind, asked.times, folder, seed=asked.seed), flush=True)


if __name__ == "__main__":
    main()
