#!/usr/bin/env python3
"""Kubernetes clusters that stand in for EKS clusters; the simulator calls this, people hardly ever need to.

  cluster.py up NAME --region R --vpc V --subnet S [--runtime real|kwok] [--simulator URL]   prints JSON; no nodes yet
  cluster.py add-nodes NAME --region R     < JSON list of {instance, zone, public, group, labels, taints}
  cluster.py remove-nodes NAME --region R  < JSON list of instances
  cluster.py down NAME --region R          cluster.py list

A cluster is etcd, kube-apiserver, kube-controller-manager, kube-scheduler, AWS's cloud controller and cloud.py (what
else AWS does for a cluster) as host processes. "real" nodes are one containerd and one kubelet each; "kwok" nodes are
objects that kwok keeps Ready. Cluster number i owns 10.99.i.0/24 on the bridge: .1 its API server (6443), .(10+n) the
InternalIP of node n, .(100+n) its ExternalIP, .200 and up load balancers. Pods live in 10.(100+i).n.0/24, services
in 10.(200+i).0.0/16.
"""

import argparse
import contextlib
import fcntl
import json
import shutil
import subprocess
import sys
import time

import control_plane
import kwok
import network
import nodes
import real_nodes
import service_rules
from certificates import b64, kubeconfig
from paths import CLUSTERS, cluster_dir
from processes import Processes

# Those that write before those that they write to.
CONTROLLERS = ("kube-scheduler", "kube-controller-manager", "cloud-controller-manager")
STOPPED_FIRST = ("kwok", *CONTROLLERS, "cloud", "kube-apiserver", "etcd")


class Cluster:
    def __init__(self, name, region):
        self.name, self.region = name, region
        self.dir = cluster_dir(region, name)
        self.meta_file = self.dir / "meta.json"
        self.meta = json.loads(self.meta_file.read_text()) if self.meta_file.exists() else None

    # what follows from the number of the cluster
    number = property(lambda s: s.meta["index"])
    real = property(lambda s: s.meta["runtime"] == "real")
    ip = property(lambda s: f"10.99.{s.number}.1")
    endpoint = property(lambda s: f"https://{s.ip}:6443")
    service_cidr = property(lambda s: f"10.{200 + s.number}.0.0/16")
    pod_cidr = property(lambda s: f"10.{100 + s.number}.0.0/16")
    pki = property(lambda s: s.dir / "pki")
    admin = property(lambda s: s.dir / "admin.kubeconfig")
    processes = property(lambda s: Processes(s.dir))

    @contextlib.contextmanager
    def locked(self):
        """Holds the lock of this cluster, with the newest meta data; saves them at the end."""
        with open(self.dir / ".lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.meta = json.loads(self.meta_file.read_text())
            yield
            self.save()

    def save(self):
        part = self.meta_file.with_suffix(".part")
        part.write_text(json.dumps(self.meta, indent=1))
        part.rename(self.meta_file)

    def info(self):
        return {
            "name": self.name,
            "endpoint": self.endpoint,
            "ca": b64(self.pki / "ca.crt"),
            "kubeconfig": str(self.admin),
            "region": self.region,
            "runtime": self.meta["runtime"],
        }

    def kubectl(self, *args, check=True, **kw):
        cmd = ["kubectl", "--kubeconfig", str(self.admin), *args]
        return subprocess.run(cmd, check=check, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **kw)

    def up(self, **asked):
        if self.meta is None:
            self.reserve(**asked)
        network.up()
        network.add_address(self.ip)
        control_plane.make_certificates(self)
        for c in ("admin", "kcm", "scheduler", "proxy"):
            kubeconfig(self.dir / f"{c}.kubeconfig", self.name, self.endpoint, self.pki, c)
        control_plane.start(self)
        if not self.real:
            kwok.start(self)
        return self.info()

    def reserve(self, runtime, simulator, vpc, subnet):
        CLUSTERS.mkdir(parents=True, exist_ok=True)
        with open(CLUSTERS / ".lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            others = clusters()
            used = {c.number for c in others}
            self.meta = {
                "index": next(i for i in range(1, 50) if i not in used),
                "name": self.name,
                "region": self.region,
                "runtime": runtime,
                "proxy": proxy_of(runtime, others),
                "simulator": simulator,
                "vpc": vpc,
                "subnet": subnet,
                "nodes": [],
            }
            self.dir.mkdir(parents=True, exist_ok=True)
            self.save()

    def wait(self, what, ready, timeout):
        end = time.time() + timeout
        while not ready():
            if time.time() > end:
                sys.exit(f"cluster.py: {what} of {self.name} not ready after {timeout} s; see {self.dir}/logs")
            time.sleep(0.2)

    def down(self):
        if self.meta is None:
            return
        if self.real:
            real_nodes.stop(self)
        for name in (*STOPPED_FIRST, *self.processes.names()):
            self.processes.stop(name)
        if self.real:
            real_nodes.clean(self)
            service_rules.remove(self.number)
        network.edit_hosts(self.dir.name, [])
        for a in network.addresses():
            if a.startswith(f"10.99.{self.number}."):
                network.drop_address(a)
        shutil.rmtree(self.dir, ignore_errors=True)


def proxy_of(runtime, others):
    """Who makes the addresses of Services work: kube-proxy can serve one cluster here, service_rules.py the others."""
    if runtime == "kwok":
        return None
    return "lab" if any(c.meta["proxy"] == "kube-proxy" for c in others) else "kube-proxy"


def clusters():
    metas = [json.loads(p.read_text()) for p in sorted(CLUSTERS.glob("*/meta.json"))]
    return [Cluster(m["name"], m["region"]) for m in metas]


def show():
    for c in clusters():
        p = c.processes
        dead = [n for n in p.names() if not p.pid(n)]
        state = f"down: {','.join(dead)}" if dead else "running"
        print(f"{c.region}\t{c.name}\t{c.meta['runtime']}\t{len(c.meta['nodes'])} nodes\t{c.endpoint}\t{state}")


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = ap.add_subparsers(dest="command", required=True)
    commands.add_parser("list")
    for command in ("up", "add-nodes", "remove-nodes", "down"):
        p = commands.add_parser(command)
        p.add_argument("name")
        p.add_argument("--region", required=True)
        if command == "up":
            p.add_argument("--runtime", choices=("real", "kwok"), default="kwok")
            p.add_argument("--simulator", default="http://127.0.0.1:5000")
            p.add_argument("--vpc", required=True)
            p.add_argument("--subnet", required=True, help="one of the cluster's")
    args = ap.parse_args()
    if args.command == "list":
        return show()
    c = Cluster(args.name, args.region)
    if args.command == "up":
        asked = {k: getattr(args, k) for k in ("runtime", "simulator", "vpc", "subnet")}
        print(json.dumps(c.up(**asked)))
    elif args.command == "down":
        c.down()
    elif c.meta is None:
        sys.exit(f"cluster.py: no cluster {args.name} in {args.region}")
    elif args.command == "add-nodes":
        print(json.dumps(nodes.add(c, json.load(sys.stdin))))
    else:
        nodes.remove(c, json.load(sys.stdin))


if __name__ == "__main__":
    main()
