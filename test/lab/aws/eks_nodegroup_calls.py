"""Operations of the EKS API on managed node groups."""

import threading

from eks_records import need, public, update
from nodegroups import node_group, scale_node_group, start_node_group, stop_node_group


def group_of(request):
    name = request.path["nodegroupName"]
    return need(request.cluster["_groups"], name, f"No node group found for name: {name}.")


def create(request):
    c = request.cluster
    group = node_group(c, request.body)

    def go():
        try:
            start_node_group(c, group)
        except Exception:
            group["status"] = "CREATE_FAILED"

    threading.Thread(target=go, daemon=True).start()
    return {"nodegroup": public(group)}


def delete(request):
    group = group_of(request)
    group["status"] = "DELETING"
    threading.Thread(target=stop_node_group, args=(request.cluster, group), daemon=True).start()
    return {"nodegroup": public(group)}


def update_config(request):
    group = group_of(request)
    group["scalingConfig"].update(request.body.get("scalingConfig") or {})
    threading.Thread(target=scale_node_group, args=(request.cluster, group), daemon=True).start()
    return {"update": update(request.cluster, "ConfigUpdate")}


def update_version(request):
    group_of(request)
    return {"update": update(request.cluster, "VersionUpdate")}


OPERATIONS = {
    "ListNodegroups": lambda request: {"nodegroups": sorted(request.cluster["_groups"])},
    "CreateNodegroup": create,
    "DescribeNodegroup": lambda request: {"nodegroup": public(group_of(request))},
    "DeleteNodegroup": delete,
    "UpdateNodegroupConfig": update_config,
    "UpdateNodegroupVersion": update_version,
}
