"""What kubelet, libcni and containerd leave at fixed places of the machine, whatever their configuration says."""

import os
import pathlib
import socket

from network import CNI_NAME
from paths import NODES

LINKS = pathlib.Path("/var/log/containers")  # to the logs of pods, by kubelet
RESULTS = pathlib.Path("/var/lib/cni/results")  # of adding an interface, by libcni
PLUGINS = pathlib.Path("/var/lib/kubelet/device-plugins/kubelet.sock")
# Removed when nothing is in them; others may use them, too.
FOLDERS = (
    LINKS,
    RESULTS,
    RESULTS.parent,
    PLUGINS.parent,
    PLUGINS.parent.parent,
    pathlib.Path("/run/containerd/runc/k8s.io"),
    pathlib.Path("/run/containerd/runc"),
    pathlib.Path("/run/containerd/s"),
    pathlib.Path("/run/containerd"),
)


def existing():
    """Links and files that are the lab's own."""
    links = [p for p in LINKS.glob("*.log") if p.is_symlink() and os.readlink(p).startswith(f"{NODES}/")]
    ours = {container_of(p) for p in RESULTS.glob(f"{CNI_NAME}-*")}
    return links + [p for p in RESULTS.glob("*") if container_of(p) in ours]


def container_of(result):
    """A result is named NETWORK-CONTAINER-INTERFACE; each container has one of the network "cni-loopback", too."""
    return result.name.split("-")[-2]


def remove():
    for file in existing():
        file.unlink()
    if PLUGINS.is_socket() and not answers(PLUGINS):
        PLUGINS.unlink()
    for folder in FOLDERS:
        try:
            folder.rmdir()
        except OSError:  # not there, or in use
            pass


def answers(path):
    with socket.socket(socket.AF_UNIX) as client:
        return client.connect_ex(str(path)) == 0
