"""Operations of the EKS API on clusters, their versions and updates."""

import threading

from eks_clusters import create_cluster, start_cluster, stop_cluster
from eks_records import clusters, need, public, update
from settings import CFG, ApiError

VERSIONS = {  # those that may be asked for; all of them are the one that the lab was built with
    "1.35": "STANDARD_SUPPORT",
    "1.34": "STANDARD_SUPPORT",
    "1.33": "STANDARD_SUPPORT",
    "1.32": "STANDARD_SUPPORT",
    "1.31": "EXTENDED_SUPPORT",
    "1.30": "EXTENDED_SUPPORT",
}


def create(request):
    c = create_cluster(request.region, request.body)

    def go():
        try:
            start_cluster(c)
        except Exception as e:
            c["status"] = "FAILED"
            c["health"]["issues"].append({"code": "InternalFailure", "message": str(e)})

    threading.Thread(target=go, daemon=True).start()
    return {"cluster": public(c)}


def delete(request):
    c = request.cluster
    if c["_groups"]:
        raise ApiError("ResourceInUseException", "Cluster has nodegroups attached", 409)
    c["status"] = "DELETING"
    threading.Thread(target=stop_cluster, args=(c,), daemon=True).start()
    return {"cluster": public(c)}


def update_config(request):
    c, wanted = request.cluster, request.body
    c["accessConfig"].update(wanted.get("accessConfig") or {})
    network = wanted.get("resourcesVpcConfig") or {}
    c["resourcesVpcConfig"].update({k: x for k, x in network.items() if x is not None})
    if wanted.get("logging"):
        c["logging"] = wanted["logging"]
    return {"update": update(c, "ConfigUpdate")}


def update_version(request):
    request.cluster["version"] = request.body["version"]
    return {"update": update(request.cluster, "VersionUpdate")}


def describe_update(request):
    number = request.path["updateId"]
    return {"update": need(request.cluster["_updates"], number, f"No update found for ID: {number}")}


def describe_versions(request):
    wanted, default = request.query.get("clusterVersions"), request.one("defaultOnly") == "true"
    versions = [version(number, status) for number, status in VERSIONS.items()]
    versions = [x for x in versions if not wanted or x["clusterVersion"] in wanted]
    return {"clusterVersions": [x for x in versions if not default or x["defaultVersion"]]}


def version(number, status):
    return {
        "clusterVersion": number,
        "clusterType": "eks",
        "defaultPlatformVersion": "eks.9",
        "defaultVersion": number == CFG["SIM_K8S_VERSION"],
        "status": status.lower().replace("_", "-"),
        "versionStatus": status,
        "kubernetesPatchVersion": number + ".2",
        "releaseDate": 1735689600,
        "endOfStandardSupportDate": 1830297600,
        "endOfExtendedSupportDate": 1861833600,
    }


OPERATIONS = {
    "ListClusters": lambda request: {"clusters": sorted(clusters(request.region))},
    "DescribeCluster": lambda request: {"cluster": public(request.cluster)},
    "CreateCluster": create,
    "DeleteCluster": delete,
    "UpdateClusterConfig": update_config,
    "UpdateClusterVersion": update_version,
    "DescribeUpdate": describe_update,
    "ListUpdates": lambda request: {"updateIds": list(request.cluster["_updates"])},
    "DescribeClusterVersions": describe_versions,
    "ListFargateProfiles": lambda _: {"fargateProfileNames": []},
    "ListCapabilities": lambda _: {"capabilities": []},
    "ListInsights": lambda _: {"insights": []},
}
