"""Operations of the EKS API on addons."""

from eks_access import drop_identities_of
from eks_addons import STANDARD_ADDONS, create_addon, identify
from eks_cluster_calls import VERSIONS
from eks_records import need, public, settle, update
from settings import sec


def addon_of(request):
    name = request.path["addonName"]
    return need(request.cluster["_addons"], name, f"No addon: {name} found in cluster: {request.path['name']}")


def delete(request):
    addon, addons = addon_of(request), request.cluster["_addons"]
    addon["status"] = "DELETING"
    drop_identities_of(request.cluster, addon["addonArn"])
    settle(addon, sec("SIM_ADDON_SECONDS"), "DELETING", lambda: addons.pop(addon["addonName"], None))
    return {"addon": public(addon)}


def change(request):
    addon, wanted = addon_of(request), request.body
    for key in ("addonVersion", "serviceAccountRoleArn", "configurationValues"):
        if wanted.get(key):
            addon[key] = wanted[key]
    if "podIdentityAssociations" in wanted:
        drop_identities_of(request.cluster, addon["addonArn"])
        identify(request.cluster, addon, wanted["podIdentityAssociations"] or [])
    addon["status"] = "UPDATING"
    settle(addon, sec("SIM_ADDON_SECONDS"))
    return {"update": update(request.cluster, "AddonUpdate")}


def describe_versions(request):
    wanted, of = request.one("addonName"), request.one("kubernetesVersion")
    kubernetes = [of] if of else list(VERSIONS)
    return {"addons": [versions(name, kubernetes) for name in STANDARD_ADDONS if wanted in (None, name)]}


def versions(name, kubernetes):
    every, account, _ = STANDARD_ADDONS[name]

    def one_version(i, version):
        fits = [{"clusterVersion": k, "platformVersions": ["*"], "defaultVersion": i == 0} for k in kubernetes]
        return {
            "addonVersion": version,
            "architecture": ["amd64", "arm64"],
            "requiresConfiguration": False,
            "requiresIamPermissions": account is not None,
            "computeTypes": ["ec2"],
            "compatibilities": fits,
        }

    return {
        "addonName": name,
        "type": "storage" if "csi" in name else "networking",
        "publisher": "eks",
        "owner": "aws",
        "defaultNamespace": "kube-system",
        "addonVersions": [one_version(i, x) for i, x in enumerate(every)],
    }


def describe_configuration(request):
    name = request.one("addonName")
    _, account, policy = need(STANDARD_ADDONS, name, f"Addon {name} not found")
    policies = [f"arn:aws:iam::aws:policy/{policy}"]
    identity = [{"serviceAccount": account, "recommendedManagedPolicies": policies}] if account else []
    return {
        "addonName": name,
        "addonVersion": request.one("addonVersion"),
        "configurationSchema": "{}",
        "podIdentityConfiguration": identity,
    }


OPERATIONS = {
    "ListAddons": lambda request: {"addons": sorted(request.cluster["_addons"])},
    "CreateAddon": lambda request: {"addon": public(create_addon(request.cluster, request.body))},
    "DescribeAddon": lambda request: {"addon": public(addon_of(request))},
    "DeleteAddon": delete,
    "UpdateAddon": change,
    "DescribeAddonVersions": describe_versions,
    "DescribeAddonConfiguration": describe_configuration,
}
