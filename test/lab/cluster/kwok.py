"""Nodes that are objects only: kwok keeps them Ready, and their pods."""

import json

from paths import BIN


def start(cluster):
    cluster.processes.start(
        "kwok",
        BIN / "kwok",
        f"--kubeconfig={cluster.admin}",
        "--manage-all-nodes=true",
        "--node-lease-duration-seconds=40",
        f"--cidr={cluster.pod_cidr.replace('.0.0/16', '.0.1/16')}",
        f"--node-ip={cluster.ip}",
        f"--server-address={cluster.ip}:10247",
    )


def create(cluster, made):
    size = {"cpu": "32", "memory": "256Gi", "pods": "110"}
    items = []
    for node in made:
        labels = {
            "kubernetes.io/hostname": node["name"],
            "kubernetes.io/os": "linux",
            "kubernetes.io/arch": "amd64",
            "type": "kwok",
        }
        metadata = {"name": node["name"], "annotations": {"kwok.x-k8s.io/node": "fake"}, "labels": labels}
        status = {"allocatable": size, "capacity": size}
        items.append({"apiVersion": "v1", "kind": "Node", "metadata": metadata, "status": status})
    cluster.kubectl("apply", "-f", "-", input=json.dumps({"apiVersion": "v1", "kind": "List", "items": items}))
