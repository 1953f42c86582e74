"""Control groups of nodes: one each, so that the kubelets of one machine do not take each other's pods for orphans."""

import pathlib

TOP = pathlib.Path("/sys/fs/cgroup")
PREFIX = "karmada-eks-lab-"
# The hierarchies of version 1 that a kubelet looks at.
HIERARCHIES = ("cpu", "cpuacct", "cpuset", "memory", "devices", "freezer", "blkio", "pids", "systemd")


def make(node):
    """node: what names the node in the lab, as 1n0."""
    if (TOP / "cgroup.controllers").exists():
        make_unified(node)
        return
    for hierarchy in (TOP / h for h in HIERARCHIES):
        if hierarchy.exists():
            group = hierarchy / (PREFIX + node)
            group.mkdir(exist_ok=True)
            if hierarchy.name == "cpuset":  # an empty one takes no process
                for f in ("cpuset.cpus", "cpuset.mems"):
                    (group / f).write_text((hierarchy / f).read_text())


def make_unified(node):
    """Version 2: a group has the controllers that the one above it hands down."""
    for controller in (TOP / "cgroup.controllers").read_text().split():
        (TOP / "cgroup.subtree_control").write_text(f"+{controller}")
    (TOP / (PREFIX + node)).mkdir(exist_ok=True)


def existing(node="*"):
    return [*TOP.glob(PREFIX + node), *TOP.glob(f"*/{PREFIX}{node}")]


def processes(node):
    """Those of the pods of a node."""
    files = (f for top in existing(node) for f in top.rglob("cgroup.procs"))
    return {int(pid) for f in files for pid in f.read_text().split()}


def remove(node):
    for top in existing(node):
        below = sorted((c for c in top.rglob("*") if c.is_dir()), key=lambda c: -len(c.parts))
        for group in [*below, top]:
            try:
                group.rmdir()
            except OSError:  # a process in it has not gone yet; `lab stop` tells what is left
                pass
