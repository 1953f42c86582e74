"""The bridge of the lab, its routes and the lab's lines in /etc/hosts."""

import fcntl

from paths import BRIDGE, HOSTS, output, sh

# Addresses of clusters that are down must not leave this machine by the default route. Service addresses get a
# device instead, as kube-proxy rewrites them only after routing.
UNREACHABLE = ("10.99.0.0/16", "10.96.0.0/11", "10.128.0.0/11")
SERVICES = ("10.192.0.0/11", "10.224.0.0/12", "10.240.0.0/13", "10.248.0.0/15")
MARK = "# karmada-eks lab"
CNI_NAME = "karmada-eks-lab"


def up():
    sh("ip", "link", "add", BRIDGE, "type", "bridge", check=False)
    sh("ip", "link", "set", BRIDGE, "up")
    for net in UNREACHABLE:
        sh("ip", "route", "replace", "unreachable", net)
    for net in SERVICES:
        sh("ip", "route", "replace", net, "dev", BRIDGE)


def down():
    for net in UNREACHABLE:
        sh("ip", "route", "del", "unreachable", net, check=False)
    sh("ip", "link", "del", BRIDGE, check=False)
    edit_hosts("", [])


def add_address(address):
    sh("ip", "addr", "replace", f"{address}/32", "dev", BRIDGE)


def drop_address(address):
    sh("ip", "addr", "del", f"{address}/32", "dev", BRIDGE, check=False)


def addresses():
    words = output("ip", "-br", "addr", "show", "dev", BRIDGE).split()
    return [w.split("/")[0] for w in words if w.startswith("10.99.")]


def edit_hosts(owner, lines):
    """Replaces one owner's lines of /etc/hosts ("" owns all lines of the lab)."""
    tag = f"{MARK} {owner}".rstrip()
    with open(HOSTS, "r+") as f:
        fcntl.flock(f, fcntl.LOCK_EX)
        old = f.read()
        kept = [x for x in old.splitlines() if not (x.endswith(tag) or (not owner and MARK in x))]
        new = "".join(x + "\n" for x in kept + [f"{x} {tag}" for x in lines])
        if new != old:
            f.seek(0)
            f.write(new)
            f.truncate()
