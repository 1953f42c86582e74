"""Managed node groups: what CreateNodegroup checks and remembers, starting, scaling and stopping them."""

import time
import uuid

from eks_access import put_access_entry
from eks_records import arn
from faults import take_fault
from node_subnets import subnet_problem
from nodes import drop_nodes, make_nodes
from settings import CFG, ApiError, log, now, sec


def node_group(c, p):
    """Checks a request and remembers the node group, CREATING; start_node_group does the slow part."""
    name = p["nodegroupName"]
    if name in c["_groups"]:
        message = f"NodeGroup already exists with name {name} and cluster name {c['name']}"
        raise ApiError("ResourceInUseException", message, 409)
    if c["status"] != "ACTIVE":
        raise ApiError("InvalidRequestException", f"Cluster '{c['name']}' is not in ACTIVE status", 400)
    group = new_node_group(c, p)
    template = p.get("launchTemplate")
    if template:
        version = str(template.get("version", "1"))
        group["launchTemplate"] = {"id": template.get("id"), "name": template.get("name", ""), "version": version}
    c["_groups"][name] = group
    if c["accessConfig"]["authenticationMode"] != "CONFIG_MAP" and group["nodeRole"]:
        put_access_entry(c, group["nodeRole"], {"type": "EC2_LINUX", "kubernetesGroups": ["system:nodes"]})
    return group


def new_node_group(c, p):
    name = p["nodegroupName"]
    return {
        "nodegroupName": name,
        "nodegroupArn": arn(c["_place"], f"nodegroup/{c['name']}/{name}/{uuid.uuid4()}"),
        "clusterName": c["name"],
        "version": c["version"],
        "releaseVersion": c["version"] + ".2-20260801",
        "createdAt": now(),
        "modifiedAt": now(),
        "status": "CREATING",
        "capacityType": p.get("capacityType", "ON_DEMAND"),
        "scalingConfig": sizes(p.get("scalingConfig") or {"minSize": 2, "maxSize": 2, "desiredSize": 2}),
        "instanceTypes": p.get("instanceTypes") or ["m5.large"],
        "subnets": p.get("subnets") or [],
        "amiType": p.get("amiType", "AL2023_x86_64_STANDARD"),
        "nodeRole": p.get("nodeRole"),
        "labels": p.get("labels") or {},
        "taints": p.get("taints") or [],
        "resources": {"autoScalingGroups": [{"name": f"eks-{name}-{uuid.uuid4()}"}]},
        "health": {"issues": []},
        "updateConfig": p.get("updateConfig") or {"maxUnavailable": 1},
        "tags": p.get("tags") or {},
        "_instances": [],
    }


def sizes(asked):
    out = {k: int(v) for k, v in asked.items()}
    out.setdefault("desiredSize", out.get("minSize", 2))
    out.setdefault("minSize", 1)
    out.setdefault("maxSize", max(out["desiredSize"], 1))
    return out


def start_node_group(c, n):
    """The slow part: instances and nodes. Raises when it fails."""
    began = time.time()
    problem = subnet_problem(c, n) if CFG["SIM_STRICT_NET"] == "1" else None
    if problem:
        time.sleep(sec("SIM_NODEGROUP_SECONDS"))
        code, message = problem
        failed(n, code, message, n["subnets"])
        issue = f"[Issue(Code={code}, Message={message}, ResourceIds={n['subnets']})]"
        raise RuntimeError(
            f'Resource handler returned message: "{issue} (Service: null, Status Code: 0, Request ID: null)"'
            f" (RequestToken: {uuid.uuid4()}, HandlerErrorCode: GeneralServiceException)"
        )
    fault = take_fault(["nodegroup-failed"], cluster=c["name"], nodegroup=n["nodegroupName"])
    if fault:
        time.sleep(sec("SIM_NODEGROUP_SECONDS"))
        message = fault.get("reason", "NodeCreationFailure: Instances failed to join the kubernetes cluster")
        failed(n, "NodeCreationFailure", message, [])
        raise RuntimeError(message)
    make_nodes(c, n)
    time.sleep(max(0, sec("SIM_NODEGROUP_SECONDS") - (time.time() - began)))
    n["status"] = "ACTIVE"


def failed(n, code, message, resources):
    n["status"] = "CREATE_FAILED"
    n["health"]["issues"] = [{"code": code, "message": message, "resourceIds": resources}]


def scale_node_group(c, n):
    """Makes the number of nodes what the scaling configuration wants."""
    n["status"] = "UPDATING"
    try:
        extra = len(n["_instances"]) - n["scalingConfig"]["desiredSize"]
        if extra > 0:
            drop_nodes(c, n, n["_instances"][-extra:])
        else:
            make_nodes(c, n, -extra)
        n["status"] = "ACTIVE"
    except Exception as e:
        log("scaling", n["nodegroupName"], e)
        n["status"] = "DEGRADED"


def stop_node_group(c, n):
    n["status"] = "DELETING"
    time.sleep(sec("SIM_DELETE_SECONDS"))
    drop_nodes(c, n, list(n["_instances"]))
    c["_groups"].pop(n["nodegroupName"], None)
    c["_entries"].pop(n.get("nodeRole"), None)
