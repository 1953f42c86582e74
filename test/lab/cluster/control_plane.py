"""The control plane of a cluster: etcd, API server, controllers (AWS's too) and the cloud's part, as host processes."""

import json
import os
import sys

from certificates import new_ca, new_cert
from paths import BIN, SOURCE, sh


def make_certificates(cluster):
    pki = cluster.pki
    pki.mkdir(exist_ok=True)
    new_ca(pki, "ca")
    new_ca(pki, "front-proxy-ca")
    inside = ("kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local")
    names = [f"DNS:{n}" for n in ("localhost", *inside)]
    names += [f"DNS:*.gr7.{cluster.region}.eks.amazonaws.com", f"DNS:*.{cluster.region}.eks.amazonaws.com"]
    names += [f"IP:{a}" for a in (cluster.ip, "127.0.0.1", cluster.service_cidr.replace(".0.0/16", ".0.1"))]
    new_cert(pki, "apiserver", "/CN=kube-apiserver", names)
    new_cert(pki, "admin", "/O=system:masters/CN=lab-admin")
    new_cert(pki, "kcm", "/CN=system:kube-controller-manager")
    new_cert(pki, "scheduler", "/CN=system:kube-scheduler")
    new_cert(pki, "proxy", "/CN=system:kube-proxy")
    new_cert(pki, "kubelet-client", "/O=system:masters/CN=kube-apiserver-kubelet-client")
    new_cert(pki, "front-proxy-client", "/CN=front-proxy-client", ca="front-proxy-ca")
    if not (pki / "sa.key").exists():
        sh("openssl", "genrsa", "-out", pki / "sa.key", "2048")


def token_webhook(cluster):
    """The simulator reviews EKS tokens, as aws-iam-authenticator does."""
    url = f"{cluster.meta['simulator']}/_lab/tokenreview"
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "w",
        "users": [{"name": "apiserver", "user": {}}],
        "clusters": [{"name": "w", "cluster": {"server": url}}],
        "contexts": [{"name": "w", "context": {"cluster": "w", "user": "apiserver"}}],
    }
    path = cluster.dir / "token-webhook.json"
    path.write_text(json.dumps(config))
    return path


def start(cluster):
    start_etcd(cluster)
    cluster.processes.start("cloud", sys.executable, SOURCE / "cloud.py", cluster.dir)
    start_apiserver(cluster)
    ready = lambda: cluster.kubectl("get", "--raw", "/readyz", check=False).stdout == "ok"  # noqa: E731
    cluster.wait("the API server", ready, 180)
    start_controllers(cluster)


def start_etcd(cluster):
    client, peer = f"http://{cluster.ip}:2379", f"http://{cluster.ip}:2380"
    cluster.processes.start(
        "etcd",
        BIN / "etcd",
        "--name=lab",
        f"--data-dir={cluster.dir}/etcd",
        "--unsafe-no-fsync",
        "--log-level=warn",
        f"--listen-client-urls={client}",
        f"--advertise-client-urls={client}",
        f"--listen-peer-urls={peer}",
        f"--initial-advertise-peer-urls={peer}",
        f"--initial-cluster=lab={peer}",
    )


def start_apiserver(cluster):
    ip, pki = cluster.ip, cluster.pki
    cluster.processes.start(
        "kube-apiserver",
        BIN / "kube-apiserver",
        f"--etcd-servers=http://{ip}:2379",
        f"--bind-address={ip}",
        f"--advertise-address={ip}",
        "--secure-port=6443",
        f"--service-cluster-ip-range={cluster.service_cidr}",
        "--authorization-mode=Node,RBAC",
        "--allow-privileged=true",
        f"--client-ca-file={pki}/ca.crt",
        f"--tls-cert-file={pki}/apiserver.crt",
        f"--tls-private-key-file={pki}/apiserver.key",
        f"--kubelet-client-certificate={pki}/kubelet-client.crt",
        f"--kubelet-client-key={pki}/kubelet-client.key",
        "--kubelet-preferred-address-types=InternalIP",
        "--enable-bootstrap-token-auth=true",
        f"--service-account-key-file={pki}/sa.key",
        f"--service-account-signing-key-file={pki}/sa.key",
        "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
        f"--requestheader-client-ca-file={pki}/front-proxy-ca.crt",
        "--requestheader-allowed-names=front-proxy-client",
        "--requestheader-extra-headers-prefix=X-Remote-Extra-",
        "--requestheader-group-headers=X-Remote-Group",
        "--requestheader-username-headers=X-Remote-User",
        f"--proxy-client-cert-file={pki}/front-proxy-client.crt",
        f"--proxy-client-key-file={pki}/front-proxy-client.key",
        f"--authentication-token-webhook-config-file={token_webhook(cluster)}",
        "--authentication-token-webhook-version=v1",
        "--authentication-token-webhook-cache-ttl=5s",
        "--enable-aggregator-routing=true",
    )


def start_controllers(cluster):
    ip, pki = cluster.ip, cluster.pki
    kcm, scheduler = (cluster.dir / f"{c}.kubeconfig" for c in ("kcm", "scheduler"))
    cluster.processes.start(
        "kube-controller-manager",
        BIN / "kube-controller-manager",
        *(f"--{k}={kcm}" for k in ("kubeconfig", "authentication-kubeconfig", "authorization-kubeconfig")),
        f"--bind-address={ip}",
        "--leader-elect=false",
        "--use-service-account-credentials=true",
        f"--root-ca-file={pki}/ca.crt",
        f"--service-account-private-key-file={pki}/sa.key",
        f"--cluster-signing-cert-file={pki}/ca.crt",
        f"--cluster-signing-key-file={pki}/ca.key",
        f"--cluster-cidr={cluster.pod_cidr}",
        "--allocate-node-cidrs=true",
        f"--service-cluster-ip-range={cluster.service_cidr}",
        f"--node-monitor-grace-period={os.environ.get('LAB_NODE_GRACE', '5m')}",  # the machine may be busy
    )
    cluster.processes.start(
        "kube-scheduler",
        BIN / "kube-scheduler",
        *(f"--{k}={scheduler}" for k in ("kubeconfig", "authentication-kubeconfig", "authorization-kubeconfig")),
        f"--bind-address={ip}",
        "--leader-elect=false",
    )
    start_cloud_controller(cluster)


def start_cloud_controller(cluster):
    """AWS's own, for the load balancers of Services; what nodes have is written by cloud.py."""
    config, meta = cluster.dir / "cloud.conf", cluster.meta
    # What is not here it asks the instance that it runs on.
    known = {"Region": meta["region"], "VPC": meta["vpc"], "SubnetID": meta["subnet"]}
    lines = ["[Global]", f"KubernetesClusterID={cluster.name}", *(f"{k}={v}" for k, v in known.items()), ""]
    config.write_text("\n".join(lines))
    account = {"AWS_ACCESS_KEY_ID": "AKIACLOUDCONTROLLER", "AWS_SECRET_ACCESS_KEY": "simulated"}
    cluster.processes.start(
        "cloud-controller-manager",
        BIN / "aws-cloud-controller-manager",
        *(f"--{k}={cluster.admin}" for k in ("kubeconfig", "authentication-kubeconfig", "authorization-kubeconfig")),
        "--cloud-provider=aws",
        f"--cloud-config={config}",
        f"--cluster-name={cluster.name}",
        "--controllers=service-lb-controller",
        f"--bind-address={cluster.ip}",
        "--leader-elect=false",
        "--v=2",
        env={"AWS_ENDPOINT_URL": meta["simulator"], **account},
    )
