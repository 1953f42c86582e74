"""Nodes of a cluster: objects that kwok keeps Ready, or a containerd and a kubelet each."""

import concurrent.futures

import images
import kernel
import kwok
import network
import real_nodes


def add(cluster, specs):
    """Makes one node for each instance; returns their names and addresses."""
    with cluster.locked():
        made = [reserve(cluster, spec) for spec in specs]
    for node in made:
        for a in filter(None, (node["ip"], node["external"])):
            network.add_address(a)
    if cluster.real:
        kernel.prepare()
        images.build_all()  # once, before all nodes ask for them
        with concurrent.futures.ThreadPoolExecutor() as pool:
            list(pool.map(lambda node: real_nodes.start(cluster, node), made))
        real_nodes.start_proxy(cluster)
    else:
        kwok.create(cluster, made)
    wait_ready(cluster, [n["name"] for n in made])
    return [{k: n[k] for k in ("instance", "name", "ip", "external")} for n in made]


def reserve(cluster, spec):
    used = {n["n"] for n in cluster.meta["nodes"]}
    n = next(i for i in range(90) if i not in used)
    ip = f"10.99.{cluster.number}.{10 + n}"
    node = {
        **spec,
        "n": n,
        "ip": ip,
        "external": f"10.99.{cluster.number}.{100 + n}" if spec["public"] else None,
        "name": f"ip-{ip.replace('.', '-')}.{cluster.region}.compute.internal",
    }
    cluster.meta["nodes"].append(node)
    return node


def wait_ready(cluster, names):
    path = (
        '{range .items[*]}{.metadata.name} {.status.conditions[?(@.type=="Ready")].status} {.spec.taints}{"\\n"}{end}'
    )

    def ready():
        lines = cluster.kubectl("get", "nodes", "-o", f"jsonpath={path}", check=False).stdout.splitlines()
        good = {x.split()[0] for x in lines if x.split()[1:2] == ["True"] and "uninitialized" not in x}
        return set(names) <= good

    cluster.wait("nodes", ready, 180)


def remove(cluster, instances):
    gone = [n for n in cluster.meta["nodes"] if n["instance"] in instances]
    for node in gone:
        cluster.kubectl("delete", "node", node["name"], "--wait=false", "--ignore-not-found", check=False)
        if cluster.real:
            real_nodes.remove(cluster, node)
            cluster.kubectl("delete", "node", node["name"], "--wait=false", "--ignore-not-found", check=False)
        for a in filter(None, (node["ip"], node["external"])):
            network.drop_address(a)
    with cluster.locked():
        cluster.meta["nodes"] = [n for n in cluster.meta["nodes"] if n["instance"] not in instances]
