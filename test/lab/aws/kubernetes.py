"""The command that makes the Kubernetes clusters behind the simulated ones."""

import json
import shlex
import subprocess
import time

from settings import CFG, log


def kubernetes(*args, stdin=None):
    """Runs it, with JSON on its standard input; returns the JSON that it prints, and raises when it fails."""
    began = time.time()
    command = shlex.split(CFG["LAB_CLUSTER_CMD"]) + list(args)
    text = json.dumps(stdin) if stdin is not None else ""
    p = subprocess.run(command, capture_output=True, text=True, timeout=900, input=text)
    log("lab:", " ".join(command), "rc", p.returncode, f"{time.time() - began:.1f}s", p.stderr.strip()[-300:])
    if p.returncode:
        raise RuntimeError(f"{' '.join(command)} failed ({p.returncode}): {(p.stderr or p.stdout).strip()[-400:]}")
    return json.loads(p.stdout) if p.stdout.strip() else None
