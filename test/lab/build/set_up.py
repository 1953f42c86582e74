"""Puts everything the lab runs into LAB_HOME: Debian packages, Python packages, programs built from Go modules, images.

What is there in the wanted version is left alone, so it may be run again after an interruption. From nothing, on two
cores, it takes about 30 minutes, nearly all of it compiling; 1.7 GB are kept, and more in the caches of Go.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tarfile
import time

import go_programs
import images
from paths import BIN, BUILD, CRDS, HOME
from versions import VERSIONS, version

PACKAGES = (
    *("containerd", "runc", "containernetworking-plugins", "iptables", "conntrack", "iproute2"),
    *("busybox-static", "openssl", "gcc", "libc6-dev", "python3-venv"),
)
KUBERNETES = ("kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubelet", "kube-proxy", "kubectl")
KARMADA = {  # program: package
    "kubectl-karmada": "./cmd/kubectl-karmada",
    "karmada-agent": "./cmd/agent",
    "karmada-aggregated-apiserver": "./cmd/aggregated-apiserver",
    "karmada-controller-manager": "./cmd/controller-manager",
    "karmada-scheduler": "./cmd/scheduler",
    "karmada-webhook": "./cmd/webhook",
}
NO_COMMIT = "0" * 40


def set_up():
    began = time.time()
    BIN.mkdir(parents=True, exist_ok=True)
    packages = (debian_packages, python_packages, old_aws, pause)
    programs = (kubernetes, etcd, cloud_controller, kwok, karmada, eksctl)
    for part in (*packages, *programs, images.build_all):
        part()
    print(f"lab: set up in {HOME} after {time.time() - began:.0f} s")


def debian_packages():
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    missing = [p for p in PACKAGES if subprocess.run(["dpkg", "-s", p], **quiet).returncode]
    if missing:
        install = ["apt-get", "install", "-qy", "--no-install-recommends", *missing]
        subprocess.run(["apt-get", "update", "-q"], check=True)
        subprocess.run(install, check=True, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})


def python_packages():
    virtual_environment(HOME / "venv", BUILD / "requirements.txt")
    if not (BIN / "aws").is_symlink():
        (BIN / "aws").symlink_to("../venv/bin/aws")


def old_aws():
    """An AWS CLI that gives kubectl tokens which it refuses; not on PATH."""
    virtual_environment(HOME / "old-aws", BUILD / "old-aws.txt", "--no-deps")


def virtual_environment(folder, wanted, *options):
    installed = folder / "requirements.txt"
    if not installed.exists() or installed.read_bytes() != wanted.read_bytes():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([folder / "bin/pip", "install", "-q", *options, "-r", wanted], check=True)
        shutil.copy(wanted, installed)


def pause():
    if not (BIN / "pause").exists():
        subprocess.run(["gcc", "-Os", "-static", "-o", BIN / "pause", BUILD / "pause.c"], check=True)


def kubernetes():
    wanted = version("kubernetes")
    must_require("kubernetes", f"k8s.io/kubernetes v{wanted}")
    major, minor, _ = wanted.split(".")
    variables = {
        "gitVersion": f"v{wanted}",
        "gitMajor": major,
        "gitMinor": minor,
        "gitTreeState": "clean",
        "gitCommit": NO_COMMIT,
        "buildDate": "2026-01-01T00:00:00Z",
    }
    linked = {f"k8s.io/component-base/version.{k}": x for k, x in variables.items()}
    for name in KUBERNETES:
        ask = ("version", "--client") if name == "kubectl" else ("--version",)
        if not go_programs.has(name, wanted, ask):
            go_programs.from_own_module(name, f"k8s.io/kubernetes/cmd/{name}", "kubernetes", linked)


def etcd():
    must_require("etcd", f"go.etcd.io/etcd/server/v3 v{version('etcd')}")
    if not go_programs.has("etcd", version("etcd"), ("--version",)):
        go_programs.from_own_module("etcd", "go.etcd.io/etcd/server/v3", "etcd")
    if not go_programs.has("etcdctl", version("etcd"), ("version",)):
        go_programs.from_own_module("etcdctl", "go.etcd.io/etcd/etcdctl/v3", "etcd")


def cloud_controller():
    """Its own module file replaces cel-go by a module that proxies need not have; ours has what Kubernetes 1.34 has."""
    name, module, wanted = "aws-cloud-controller-manager", "k8s.io/cloud-provider-aws", version("cloud-provider-aws")
    must_require("cloud-provider-aws", f"{module} v{wanted}")
    if not go_programs.has(name, wanted, ("--version",)):
        linked = {"k8s.io/component-base/version.gitVersion": f"v{wanted}"}
        go_programs.from_own_module(name, f"{module}/cmd/{name}", "cloud-provider-aws", linked)


def must_require(folder, requirement):
    """The pins of a module file's dependencies belong to one version."""
    if f"{requirement}\n" not in (BUILD / folder / "go.mod").read_text():
        sys.exit(f"lab: {folder}/go.mod does not require {requirement}, as versions.json does")


def kwok():
    wanted = version("kwok")
    if not go_programs.has("kwok", wanted, ("--version",)):
        linked = {"sigs.k8s.io/kwok/pkg/consts.Version": f"v{wanted}"}
        go_programs.install("kwok", "sigs.k8s.io/kwok/cmd/kwok", wanted, linked)


def karmada():
    module, wanted = "github.com/karmada-io/karmada", version("karmada")
    variables = {
        "gitVersion": f"v{wanted}",
        "gitTreeState": "clean",
        "gitShortCommit": NO_COMMIT[:8],
        "gitCommit": NO_COMMIT,
        "buildDate": VERSIONS["karmada"]["date"],
    }
    linked = {f"{module}/pkg/version.{k}": x for k, x in variables.items()}
    missing = [name for name in KARMADA if not go_programs.has(name, wanted, ("version",))]
    for name in missing:
        go_programs.from_module(name, module, wanted, KARMADA[name], linked)
    if missing or not CRDS.exists():
        crds(go_programs.module_folder(module, wanted))


def crds(module):
    """The archive that `kubectl karmada init --crds` takes: crds/bases and crds/patches, from the module's chart."""
    part = CRDS.with_suffix(".part")
    with tarfile.open(part, "w:gz") as tar:
        tar.add(pathlib.Path(module, "charts/karmada/_crds"), "crds")
    part.rename(CRDS)


def eksctl():
    module, pins = "github.com/weaveworks/eksctl", VERSIONS["eksctl"]
    if not go_programs.has("eksctl", pins["version"], ("version",)):
        linked = {"PreReleaseID": "", "gitCommit": pins["commit"], "buildDate": pins["date"]}
        linked = {f"{module}/pkg/version.{k}": x for k, x in linked.items()}
        go_programs.from_module("eksctl", module, pins["version"], "./cmd/eksctl", linked)
