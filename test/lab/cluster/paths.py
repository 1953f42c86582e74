"""Where the lab keeps its things, and how its programs run others."""

import os
import pathlib
import subprocess

SOURCE = pathlib.Path(__file__).resolve().parent
BUILD = SOURCE.parent / "build"
HOME = pathlib.Path(os.environ.get("LAB_HOME") or pathlib.Path.home() / ".cache/karmada-eks-lab").resolve()
BIN = HOME / "bin"
STATE = HOME / "state"
CLUSTERS = STATE / "clusters"
NODES = STATE / "nodes"  # short paths: sockets of containerd and kubelet live below it
CACHE = HOME / "cache"
CRDS = HOME / "karmada-crds.tar.gz"
BRIDGE = "lab0"
HOSTS = pathlib.Path("/etc/hosts")


def sh(*cmd, check=True, stdout=subprocess.DEVNULL):
    """Runs a command and drops its output, unless stdout says otherwise."""
    return subprocess.run([str(c) for c in cmd], check=check, stdout=stdout, stderr=subprocess.PIPE, text=True)


def output(*cmd):
    return sh(*cmd, check=False, stdout=subprocess.PIPE).stdout


def cluster_dir(region, name):
    return CLUSTERS / f"{region}.{name}"
