"""EKS clusters: what CreateCluster checks and remembers, and their Kubernetes control planes."""

import re
import time
import uuid

from moto.ec2 import ec2_backends

from eks_access import put_access_entry
from eks_records import REGIONS, RLOCK, account_of, arn, clusters, region_of
from faults import take_fault
from kubernetes import kubernetes
from node_subnets import has_subnet
from settings import CFG, URLS, ApiError, log, now, sec

LOGS = ["api", "audit", "authenticator", "controllerManager", "scheduler"]


def create_cluster(place, p):
    """Checks a request and remembers the cluster, still CREATING; start_cluster does the slow part."""
    name, access = p["name"], p.get("accessConfig") or {}
    with RLOCK:
        if name in clusters(place):
            raise ApiError("ResourceInUseException", f"Cluster already exists with name: {name}", 409)
        ec2 = ec2_backends[account_of(place)][region_of(place)]
        subnets = (p.get("resourcesVpcConfig") or {}).get("subnetIds") or []
        check_cluster_subnets(ec2, subnets)
        vpc = ec2.get_subnet(subnets[0]).vpc_id
        group = ec2.create_security_group(
            f"eks-cluster-sg-{name}-{uuid.uuid4().int % 10**9}",
            "EKS created security group applied to ENI that is attached to EKS Control Plane master nodes, as"
            " well as any managed workloads.",
            vpc,
            {f"kubernetes.io/cluster/{name}": "owned", "aws:eks:cluster-name": name},
        )
        c = new_cluster(place, p, subnets, vpc, group.id)
        mode = c["accessConfig"]["authenticationMode"]
        if access.get("bootstrapClusterCreatorAdminPermissions", True) and mode != "CONFIG_MAP":
            policy = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
            admin = {"policyArn": policy, "accessScope": {"type": "cluster", "namespaces": []}}
            put_access_entry(c, f"arn:aws:iam::{account_of(place)}:user/moto", {"type": "STANDARD"}, [admin])
        clusters(place)[name] = c
    return c


def check_cluster_subnets(ec2, subnets):
    bad = [s for s in subnets if not has_subnet(ec2, s)]
    if bad:
        text = f"The subnet ID '{bad[0]}' does not exist (Service: AmazonEC2; Status Code: 400;"
        raise ApiError("InvalidParameterException", f"{text} Error Code: InvalidSubnetID.NotFound)", 400)
    if len({ec2.get_subnet(s).availability_zone for s in subnets}) < 2:
        raise ApiError("InvalidParameterException", "Subnets specified must be in at least two different AZs", 400)


def new_cluster(place, p, subnets, vpc, group):
    network = p.get("kubernetesNetworkConfig") or {}
    access = p.get("accessConfig") or {}
    return {
        "name": p["name"],
        "arn": arn(place, f"cluster/{p['name']}"),
        "createdAt": now(),
        "version": p.get("version") or CFG["SIM_K8S_VERSION"],
        "roleArn": p.get("roleArn"),
        "resourcesVpcConfig": vpc_config(p.get("resourcesVpcConfig") or {}, subnets, vpc, group),
        "kubernetesNetworkConfig": {
            "serviceIpv4Cidr": network.get("serviceIpv4Cidr", "10.100.0.0/16"),
            "ipFamily": network.get("ipFamily", "ipv4"),
            "elasticLoadBalancing": {"enabled": False},
        },
        "logging": p.get("logging") or {"clusterLogging": [{"types": LOGS, "enabled": False}]},
        "identity": {"oidc": {"issuer": f"{URLS['oidc']}/id/{uuid.uuid4().hex.upper()}"}},
        "status": "CREATING",
        "platformVersion": "eks.9",
        "tags": p.get("tags") or {},
        "accessConfig": {"authenticationMode": access.get("authenticationMode", "CONFIG_MAP")},
        "health": {"issues": []},
        "upgradePolicy": p.get("upgradePolicy") or {"supportType": "EXTENDED"},
        "computeConfig": {"enabled": False},
        "storageConfig": {"blockStorage": {"enabled": False}},
        "deletionProtection": False,
        "_groups": {},
        "_addons": {},
        "_entries": {},
        "_identities": {},
        "_updates": {},
        "_place": place,
        "_region": region_of(place),
        "_security_group": group,
    }


def vpc_config(asked, subnets, vpc, group):
    return {
        "subnetIds": subnets,
        "securityGroupIds": asked.get("securityGroupIds") or [],
        "clusterSecurityGroupId": group,
        "vpcId": vpc,
        "endpointPublicAccess": asked.get("endpointPublicAccess", True),
        "endpointPrivateAccess": asked.get("endpointPrivateAccess", False),
        "publicAccessCidrs": asked.get("publicAccessCidrs") or ["0.0.0.0/0"],
    }


def runtime_of(c):
    """real for the first LAB_REAL_CLUSTERS clusters whose names match LAB_REAL, else kwok."""
    others = [x for region in REGIONS.values() for x in region.values() if x is not c]
    taken = sum(x.get("_runtime") == "real" for x in others)
    return "real" if re.search(CFG["LAB_REAL"], c["name"]) and taken < int(CFG["LAB_REAL_CLUSTERS"]) else "kwok"


def start_cluster(c):
    """The slow part: the control plane. Raises when it fails."""
    began = time.time()
    fault = take_fault(["cluster-failed"], cluster=c["name"])
    if fault:
        time.sleep(sec("SIM_CLUSTER_SECONDS"))
        c["status"] = "FAILED"
        raise RuntimeError(fault.get("reason", 'Resource handler returned message: "Internal failure"'))
    with RLOCK:
        c["_runtime"] = runtime_of(c)
    network = c["resourcesVpcConfig"]
    where = ("--region", c["_region"], "--runtime", c["_runtime"], "--simulator", URLS["sim"])
    where += ("--vpc", network["vpcId"], "--subnet", network["subnetIds"][0])
    made = kubernetes("up", c["name"], *where)
    c["endpoint"] = made["endpoint"]
    c["_kubeconfig"] = made["kubeconfig"]
    c["certificateAuthority"] = {"data": made["ca"]}
    time.sleep(max(0, sec("SIM_CLUSTER_SECONDS") - (time.time() - began)))
    c["status"] = "ACTIVE"


def stop_cluster(c):
    c["status"] = "DELETING"
    time.sleep(sec("SIM_DELETE_SECONDS"))
    try:
        kubernetes("down", c["name"], "--region", c["_region"])
    except Exception as e:
        log("lab down:", e)
    try:
        ec2_backends[account_of(c["_place"])][c["_region"]].delete_security_group(group_id=c["_security_group"])
    except Exception as e:
        log("cluster sg:", e)
    clusters(c["_place"]).pop(c["name"], None)
