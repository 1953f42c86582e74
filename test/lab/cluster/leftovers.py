"""What of the lab exists on this machine; nothing, when it is stopped."""

import contextlib
import os
import pathlib
import signal

import cgroups
import chains
import kernel
import traces
from network import MARK
from paths import HOSTS, NODES, STATE, output


def leftovers():
    mounts = [x.split()[1] for x in open("/proc/mounts") if str(NODES) in x]
    links = [x.split()[0] for x in output("ip", "-br", "link").splitlines() if x.startswith("lab")]
    groups = [str(g) for g in cgroups.existing()]
    hosts = [x for x in HOSTS.read_text().splitlines() if MARK in x]
    settings = [str(kernel.REMEMBERED)] if kernel.REMEMBERED.exists() else []
    files = [str(f) for f in traces.existing()]
    return mounts + links + groups + hosts + chains.existing() + settings + files + processes()


def processes():
    return [f"process {pid} {program}" for pid, program in running()]


def end_processes():
    """A shim that containerd was starting when it was ended itself knows nobody who would end it."""
    for pid, _ in running():
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def running():
    """Processes that are given something below the lab's state, as all that it starts are."""
    found = []
    for p in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = p.read_bytes().decode(errors="replace").split("\0")
        except OSError:
            continue
        if any(w.split("=", 1)[-1].startswith(f"{STATE}/") for w in words):
            found.append((int(p.parent.name), words[0]))
    return found
