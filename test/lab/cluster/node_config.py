"""Configuration of what a real node is made of: the CNI bridge, containerd, kubelet, kube-proxy."""

import cgroups
from network import CNI_NAME


def label(cluster, node):
    """What names a node of the lab, on this machine: short, as sockets and bridges want it."""
    return f"{cluster.number}n{node['n']}"


def bridge(cluster, node):
    return f"lab{label(cluster, node)}"


def cni_config(cluster, node, d):
    subnet = cluster.pod_cidr.replace(".0.0/16", f".{node['n']}.0/24")
    ipam = {
        "type": "host-local",
        "dataDir": str(d / "ipam"),
        "ranges": [[{"subnet": subnet}]],
        "routes": [{"dst": "0.0.0.0/0"}],
    }
    link = {
        "type": "bridge",
        "bridge": bridge(cluster, node),
        "isGateway": True,
        "ipMasq": False,
        "hairpinMode": True,
        "ipam": ipam,
    }
    return {"cniVersion": "1.0.0", "name": CNI_NAME, "plugins": [link]}


def containerd_config(d, store, sock):
    return f"""version = 2
root = "{store}"
state = "{d}/containerd"
[grpc]
  address = "{sock}"
[ttrpc]
  address = "{sock}.ttrpc"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "lab.local/pause:1"
  stream_server_address = "127.0.0.1"
  netns_mounts_under_state_dir = true
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "{d}/cni"
"""


def kubelet_config(cluster, node, d, sock):
    return {
        "apiVersion": "kubelet.config.k8s.io/v1beta1",
        "kind": "KubeletConfiguration",
        "failCgroupV1": False,
        "cgroupDriver": "cgroupfs",
        "cgroupRoot": f"/{cgroups.PREFIX}{label(cluster, node)}",
        "cgroupsPerQOS": True,
        "enforceNodeAllocatable": ["pods"],
        "containerRuntimeEndpoint": f"unix://{sock}",
        "address": node["ip"],
        "port": 10250,
        "healthzBindAddress": node["ip"],
        "healthzPort": 10248,
        "clusterDNS": [cluster.ip],
        "clusterDomain": "cluster.local",
        "resolvConf": str(d / "resolv.conf"),
        "authentication": {
            "anonymous": {"enabled": False},
            "x509": {"clientCAFile": str(cluster.pki / "ca.crt")},
            "webhook": {"enabled": True},
        },
        "authorization": {"mode": "Webhook"},
        "failSwapOn": False,
        "oomScoreAdj": 0,
        "podLogsDir": str(d / "pod-logs"),
        "serializeImagePulls": False,
        "imageGCHighThresholdPercent": 100,
        "imageGCLowThresholdPercent": 99,
        "evictionHard": {"memory.available": "100Mi", "nodefs.available": "1%"},
        "nodeStatusUpdateFrequency": "5s",
        "syncFrequency": "10s",
        "volumePluginDir": str(d / "volume-plugins"),
        "maxPods": 60,
    }


def proxy_config(cluster):
    return {
        "apiVersion": "kubeproxy.config.k8s.io/v1alpha1",
        "kind": "KubeProxyConfiguration",
        "mode": "iptables",
        "clientConnection": {"kubeconfig": str(cluster.dir / "proxy.kubeconfig")},
        "clusterCIDR": cluster.pod_cidr,
        "hostnameOverride": cluster.meta["nodes"][0]["name"],
        "bindAddress": cluster.ip,
        "nodePortAddresses": [f"10.99.{cluster.number}.0/25", f"10.99.{cluster.number}.128/26"],  # no load balancers
        "healthzBindAddress": f"{cluster.ip}:10256",
        "metricsBindAddress": f"{cluster.ip}:10249",
        "oomScoreAdj": 0,
        "conntrack": {"maxPerCore": 0, "min": 0, "tcpEstablishedTimeout": "0s", "tcpCloseWaitTimeout": "0s"},
    }
