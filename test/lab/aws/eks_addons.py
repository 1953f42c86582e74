"""EKS addons: which there are, and how one is made."""

import shlex
import subprocess
import uuid

from eks_access import associate_pod_identity
from eks_records import arn, settle
from faults import take_fault
from settings import CFG, ApiError, now, sec

STANDARD_ADDONS = {  # name: (versions, the newest first; the service account that needs a role; the policy for it)
    "vpc-cni": (["v1.20.4-eksbuild.1", "v1.19.6-eksbuild.7"], "aws-node", "AmazonEKS_CNI_Policy"),
    "coredns": (["v1.12.4-eksbuild.1", "v1.12.1-eksbuild.2"], None, None),
    "kube-proxy": (["v1.34.0-eksbuild.4", "v1.34.0-eksbuild.2"], None, None),
    "metrics-server": (["v0.8.0-eksbuild.2"], None, None),
    "eks-pod-identity-agent": (["v1.3.9-eksbuild.3"], None, None),
    "aws-ebs-csi-driver": (
        ["v1.51.1-eksbuild.1", "v1.50.1-eksbuild.1"],
        "ebs-csi-controller-sa",
        "service-role/AmazonEBSCSIDriverPolicy",
    ),
    "aws-efs-csi-driver": (
        ["v2.1.13-eksbuild.1"],
        "efs-csi-controller-sa",
        "service-role/AmazonEFSCSIDriverPolicy",
    ),
    "snapshot-controller": (["v8.3.0-eksbuild.1"], None, None),
}
UNHEALTHY = "The add-on is unhealthy because it doesn't have the desired number of replicas."


def create_addon(c, p):
    """Checks a request and remembers the addon, CREATING; it settles in the background."""
    name = p["addonName"]
    a = new_addon(c, p, checked_version(c, p))
    identify(c, a, p.get("podIdentityAssociations") or [])
    c["_addons"][name] = a
    fault = take_fault(["addon-failed"], cluster=c["name"], addon=name)
    if fault:
        code = fault.get("code", "InsufficientNumberOfReplicas")
        a["health"]["issues"] = [{"code": code, "message": fault.get("reason", UNHEALTHY), "resourceIds": []}]
        settle(a, sec("SIM_ADDON_SECONDS"), fault.get("status", "DEGRADED"))
    else:
        settle(a, sec("SIM_ADDON_SECONDS"), "ACTIVE", lambda: tell(c, name))
    return a


def checked_version(c, p):
    name = p["addonName"]
    if name not in STANDARD_ADDONS:
        message = f"Addon {name} specified is not supported in {c['version']} kubernetes version"
        raise ApiError("InvalidParameterException", message, 400)
    if name in c["_addons"] and c["_addons"][name]["status"] != "CREATE_FAILED":
        raise ApiError("ResourceInUseException", "Addon already exists.", 409)
    versions = STANDARD_ADDONS[name][0]
    version = p.get("addonVersion") or versions[0]
    if version not in versions:
        raise ApiError("InvalidParameterException", "Addon version specified is not supported", 400)
    return version


def new_addon(c, p, version):
    a = {
        "addonName": p["addonName"],
        "clusterName": c["name"],
        "status": "CREATING",
        "addonVersion": version,
        "health": {"issues": []},
        "addonArn": arn(c["_place"], f"addon/{c['name']}/{p['addonName']}/{uuid.uuid4()}"),
        "createdAt": now(),
        "modifiedAt": now(),
        "tags": p.get("tags") or {},
        "podIdentityAssociations": [],
    }
    for key in ("serviceAccountRoleArn", "configurationValues"):
        if p.get(key):
            a[key] = p[key]
    return a


def identify(c, a, associations):
    """Gives an addon's service accounts their roles."""
    made = [associate_pod_identity(c, {**q, "namespace": "kube-system"}, a["addonArn"]) for q in associations]
    a["podIdentityAssociations"] = [x["associationArn"] for x in made]


def tell(c, name):
    if CFG["LAB_ADDON_CMD"]:
        command = shlex.split(CFG["LAB_ADDON_CMD"]) + [c["name"], name, c.get("_kubeconfig") or ""]
        subprocess.run(command, timeout=300, stdin=subprocess.DEVNULL, check=True)
