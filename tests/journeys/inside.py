"""Python inside the product, for the journeys: loaded once, in a process that forks for every piece of code.

One line of JSON comes in: the code. One line goes out: what the code handed to `answer`, or the traceback (`error`).
Nothing that a piece of code leaves in memory reaches the next.
"""

import json
import os
import sys
import traceback

import django


def run(code: str) -> dict[str, object]:
    from tests import factories

    said: dict[str, object] = {"answer": None}
    try:
        exec(code, {"factories": factories, "answer": lambda value: said.update(answer=value)})  # noqa: S102
    except Exception:  # noqa: BLE001 (the journey shows it and fails)
        said["error"] = traceback.format_exc()
    return said


def main() -> None:
    django.setup()
    # Whatever the code prints goes where errors go: this is for answers only.
    replies = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    # Loaded before the first fork, so that no piece of code has to.
    from tests import cases  # noqa: F401

    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            print(json.dumps(run(json.loads(line))), file=replies, flush=True)
            os._exit(0)
        if os.waitpid(child, 0)[1] != 0:
            print(json.dumps({"error": "the process ended"}), file=replies, flush=True)


if __name__ == "__main__":
    main()
