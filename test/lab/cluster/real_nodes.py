"""Real nodes: a containerd and a kubelet each, one kube-proxy for all of them, and how they go without a trace."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import urllib.request

import cgroups
import images
from certificates import kubeconfig, new_cert
from node_config import bridge, cni_config, containerd_config, kubelet_config, label, proxy_config
from paths import BIN, CACHE, NODES, sh


def directory(cluster, node):
    return NODES / label(cluster, node)


def start(cluster, node):
    d, p, name = directory(cluster, node), cluster.processes, f"node{node['n']}"
    store = CACHE / "containerd" / f"{store_of(cluster)}{node['n']}"  # kept, so that images are imported once
    for path in (d / "cni", d / "kubelet", store):
        path.mkdir(parents=True, exist_ok=True)
    (d / "cni/10-lab.conflist").write_text(json.dumps(cni_config(cluster, node, d)))
    sock = d / "containerd.sock"
    (d / "containerd.toml").write_text(containerd_config(d, store, sock))
    p.start(f"{name}-containerd", "containerd", "--config", d / "containerd.toml")
    cluster.wait("containerd", lambda: sh("ctr", "-a", sock, "version", check=False).returncode == 0, 60)
    images.load(sock)
    new_cert(cluster.pki, f"kubelet{node['n']}", f"/O=system:nodes/CN=system:node:{node['name']}")
    config = kubeconfig(d / "kubelet.kubeconfig", cluster.name, cluster.endpoint, cluster.pki, f"kubelet{node['n']}")
    (d / "resolv.conf").write_text(f"nameserver {cluster.ip}\n")
    (d / "kubelet.json").write_text(json.dumps(kubelet_config(cluster, node, d, sock)))
    cgroups.make(label(cluster, node))
    p.start(
        f"{name}-kubelet",
        BIN / "kubelet",
        f"--config={d}/kubelet.json",
        f"--kubeconfig={config}",
        f"--root-dir={d}/kubelet",
        f"--hostname-override={node['name']}",
        f"--node-ip={node['ip']}",
        f"--cert-dir={d}/kubelet-pki",
        "--cloud-provider=external",
        "--v=2",
    )


def kill(cluster, node):
    """As when its power goes: nothing of it runs, and nothing answers at the addresses of its pods. The node object stays."""
    name = f"node{node['n']}"
    sh("ip", "link", "set", bridge(cluster, node), "down", check=False)
    cluster.processes.kill(f"{name}-kubelet")
    cluster.processes.kill(f"{name}-containerd")
    for pid in cgroups.processes(label(cluster, node)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def revive(cluster, node):
    """containerd first finds out what became of its containers; a kubelet that asks it meanwhile ends."""
    sh("ip", "link", "set", bridge(cluster, node), "up", check=False)

    def healthy():
        if not cluster.processes.pid(f"node{node['n']}-kubelet"):
            start(cluster, node)
        with contextlib.suppress(OSError), urllib.request.urlopen(f"http://{node['ip']}:10248/healthz", timeout=1):
            return True
        return False

    cluster.wait("the kubelet", healthy, 60)


def store_of(cluster):
    """Two containerds cannot share a store; `start` of a second cluster with real nodes finds its own again."""
    return "n" if cluster.meta["proxy"] == "kube-proxy" else "s"


def start_proxy(cluster):
    if cluster.meta["proxy"] != "kube-proxy":
        return
    path = cluster.dir / "kube-proxy.json"
    path.write_text(json.dumps(proxy_config(cluster)))
    cluster.processes.start("kube-proxy", BIN / "kube-proxy", f"--config={path}")


# ---- taking down


def stop(cluster):
    for node in cluster.meta["nodes"]:
        cluster.processes.stop(f"node{node['n']}-kubelet")
    cluster.processes.stop("kube-proxy")
    for node in cluster.meta["nodes"]:
        remove_containers(cluster, node)
    if cluster.meta["proxy"] == "kube-proxy":
        sh(BIN / "kube-proxy", "--cleanup", check=False)


def remove(cluster, node):
    """One node of a cluster that goes on."""
    cluster.processes.stop(f"node{node['n']}-kubelet")
    remove_containers(cluster, node)
    cluster.processes.stop(f"node{node['n']}-containerd")
    clean_node(cluster, node)


def remove_containers(cluster, node):
    sock = directory(cluster, node) / "containerd.sock"

    def ctr(*args):
        return sh("timeout", "20", "ctr", "-a", sock, "-n", "k8s.io", *args, check=False, stdout=subprocess.PIPE).stdout

    for c in ctr("tasks", "ls", "-q").split():
        ctr("tasks", "delete", "-f", c)
    for c in ctr("containers", "ls", "-q").split():
        ctr("containers", "delete", c)


def clean(cluster):
    for node in cluster.meta["nodes"]:
        clean_node(cluster, node)


def clean_node(cluster, node):
    """Mounts, network namespaces, bridge and cgroups of a node whose processes are gone."""
    d = directory(cluster, node)
    mounts = [x.split()[1].replace("\\040", " ") for x in open("/proc/mounts")]
    for m in sorted((m for m in mounts if m.startswith(f"{d}/")), key=len, reverse=True):
        sh("umount", "-l", m, check=False)
    sh("ip", "link", "del", bridge(cluster, node), check=False)
    cgroups.remove(label(cluster, node))
    shutil.rmtree(d, ignore_errors=True)
