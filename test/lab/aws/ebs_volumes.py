"""EBS volumes of the CSI driver, with its tags, while the cluster has the driver and the driver a role."""

import re

from settings import log


def ebs_problem(c):
    """Why the EBS CSI driver of a cluster makes no volumes, or "" where it does."""
    driver = c and c["_addons"].get("aws-ebs-csi-driver")
    if not driver or driver["status"] in ("CREATING", "DELETING"):
        return "absent"
    if driver["status"] not in ("ACTIVE", "UPDATING"):
        return f"the addon aws-ebs-csi-driver is {driver['status']}"
    accounts = [(x["namespace"], x["serviceAccount"]) for x in c["_identities"].values() if x.get("roleArn")]
    if driver.get("serviceAccountRoleArn") or ("kube-system", "ebs-csi-controller-sa") in accounts:
        return ""
    return (
        "rpc error: code = Internal desc = Could not create volume: operation error EC2: CreateVolume, get identity:"
        " get credentials: failed to refresh cached credentials, no EC2 IMDS role found"
    )


def create_volume(b, ec2):
    for v in ec2.volumes.values():
        if any(t["value"] == b["name"] and t["key"] == "CSIVolumeName" for t in v.get_tags()):
            return {"volume": v.id}
    p = b["parameters"]
    number = {k: int(p[k]) for k in ("iops", "throughput") if p.get(k)}
    volume = ec2.create_volume(
        size=b["size"],
        zone_name=b["zone"],
        volume_type=p.get("type", "gp3"),
        encrypted=p.get("encrypted") == "true",
        kms_key_id=p.get("kmsKeyId"),
        **number,
    )
    volume.add_tags(volume_tags(b))
    log("volume", volume.id, b["cluster"], b["namespace"], b["pvc"])
    return {"volume": volume.id}


def volume_tags(b):
    known = {"PVCName": b["pvc"], "PVCNamespace": b["namespace"], "PVName": b["name"]}

    def fill(text):
        return re.sub(r"\{\{\s*\.(\w+)\s*\}\}", lambda m: known.get(m[1], ""), text)

    extra = (v.partition("=") for k, v in b["parameters"].items() if k.startswith("tagSpecification_"))
    return {
        "ebs.csi.aws.com/cluster": "true",
        f"kubernetes.io/cluster/{b['cluster']}": "owned",
        "KubernetesCluster": b["cluster"],
        "CSIVolumeName": b["name"],
        "Name": f"{b['cluster']}-dynamic-{b['name']}",
        "kubernetes.io/created-for/pv/name": b["name"],
        "kubernetes.io/created-for/pvc/name": b["pvc"],
        "kubernetes.io/created-for/pvc/namespace": b["namespace"],
        **{fill(k): fill(v) for k, _, v in extra},
    }


def delete_volume(b, ec2):
    if b["volume"] in ec2.volumes:
        ec2.delete_volume(b["volume"])
    return {}
