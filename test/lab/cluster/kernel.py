"""Kernel settings that nodes need, and those that kubelet and kube-proxy change: remembered, and put back by stop."""

import fcntl
import json
import pathlib

from paths import STATE, sh

NEEDED = ("net.ipv4.ip_forward", "net.bridge.bridge-nf-call-iptables", "net.ipv4.conf.all.route_localnet")
# Two Karmadas have more programs that watch files than the 128 of Linux: "too many open files".
AT_LEAST = {"fs.inotify.max_user_instances": 1024}
# setupKernelTunables of kubelet 1.34, pkg/kubelet/cm/container_manager_linux.go
CHANGED = (
    "vm.overcommit_memory",
    "vm.panic_on_oom",
    "kernel.panic",
    "kernel.panic_on_oops",
    "kernel.keys.root_maxkeys",
    "kernel.keys.root_maxbytes",
)
REMEMBERED = STATE / "kernel.json"


def file_of(setting):
    return pathlib.Path("/proc/sys", setting.replace(".", "/"))


def write(setting, value):
    """Only a change is written: ip_forward, written, resets what was set for interfaces."""
    if file_of(setting).read_text().strip() != value:
        file_of(setting).write_text(value)


def prepare():
    """Before the first real node."""
    if not file_of("net.bridge.bridge-nf-call-iptables").exists():
        sh("modprobe", "br_netfilter")
    with open(STATE / "kernel.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not REMEMBERED.exists():
            files = {s: file_of(s) for s in (*NEEDED, *AT_LEAST, *CHANGED)}
            REMEMBERED.write_text(json.dumps({s: f.read_text().strip() for s, f in files.items() if f.exists()}))
    for setting in NEEDED:
        write(setting, "1")
    for setting, least in AT_LEAST.items():
        if int(file_of(setting).read_text()) < least:
            write(setting, str(least))


def put_back():
    if REMEMBERED.exists():
        for setting, value in json.loads(REMEMBERED.read_text()).items():
            write(setting, value)
        REMEMBERED.unlink()
