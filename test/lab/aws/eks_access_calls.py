"""Operations of the EKS API on access entries, their policies, and pod identity associations."""

from eks_access import ENTRY_IN_USE, NO_ENTRY, associate_pod_identity, associated_policy, put_access_entry
from eks_records import need, public
from settings import ApiError

POLICIES = ("AmazonEKSClusterAdminPolicy", "AmazonEKSAdminPolicy", "AmazonEKSEditPolicy", "AmazonEKSViewPolicy")
SUMMARY = ("clusterName", "namespace", "serviceAccount", "associationArn", "associationId", "ownerArn")
CONFIG_MAP_ONLY = (
    "The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] to perform this operation."
)


def entry_of(request):
    return need(request.cluster["_entries"], request.path["principalArn"], NO_ENTRY)


def list_entries(request):
    wanted = request.one("associatedPolicyArn")
    entries = request.cluster["_entries"].items()
    return {"accessEntries": sorted(k for k, e in entries if not wanted or wanted in policies_of(e))}


def policies_of(entry):
    return [x["policyArn"] for x in entry["_policies"]]


def create_entry(request):
    c, principal = request.cluster, request.body["principalArn"]
    if principal in c["_entries"]:
        raise ApiError("ResourceInUseException", ENTRY_IN_USE, 409)
    if c["accessConfig"]["authenticationMode"] == "CONFIG_MAP":
        raise ApiError("InvalidRequestException", CONFIG_MAP_ONLY, 400)
    return {"accessEntry": public(put_access_entry(c, principal, request.body))}


def delete_entry(request):
    entry_of(request)
    request.cluster["_entries"].pop(request.path["principalArn"])
    return {}


def update_entry(request):
    entry, wanted = entry_of(request), request.body
    entry.update({k: wanted[k] for k in ("kubernetesGroups", "username") if wanted.get(k) is not None})
    return {"accessEntry": public(entry)}


def about(request):
    return {"clusterName": request.path["name"], "principalArn": request.path["principalArn"]}


def associate_policy(request):
    entry, policy = entry_of(request), associated_policy(request.body)
    entry["_policies"] = [x for x in entry["_policies"] if x["policyArn"] != policy["policyArn"]] + [policy]
    return {**about(request), "associatedAccessPolicy": policy}


def disassociate_policy(request):
    entry = entry_of(request)
    entry["_policies"] = [x for x in entry["_policies"] if x["policyArn"] != request.path["policyArn"]]
    return {}


def list_policies(_):
    return {"accessPolicies": [{"name": n, "arn": f"arn:aws:eks::aws:cluster-access-policy/{n}"} for n in POLICIES]}


# ---- pod identity


def identity_of(request):
    number = request.path["associationId"]
    return need(request.cluster["_identities"], number, f"No association found for ID: {number}")


def list_identities(request):
    namespace, account = request.one("namespace"), request.one("serviceAccount")
    found = [
        x
        for x in request.cluster["_identities"].values()
        if namespace in (None, x["namespace"]) and account in (None, x["serviceAccount"])
    ]
    return {"associations": [{k: x[k] for k in SUMMARY if k in x} for x in found]}


def delete_identity(request):
    identity = identity_of(request)
    request.cluster["_identities"].pop(identity["associationId"])
    return {"association": public(identity)}


def update_identity(request):
    identity = identity_of(request)
    identity["roleArn"] = request.body.get("roleArn", identity["roleArn"])
    return {"association": public(identity)}


OPERATIONS = {
    "ListAccessEntries": list_entries,
    "CreateAccessEntry": create_entry,
    "DescribeAccessEntry": lambda request: {"accessEntry": public(entry_of(request))},
    "DeleteAccessEntry": delete_entry,
    "UpdateAccessEntry": update_entry,
    "ListAssociatedAccessPolicies": lambda request: {
        **about(request),
        "associatedAccessPolicies": entry_of(request)["_policies"],
    },
    "AssociateAccessPolicy": associate_policy,
    "DisassociateAccessPolicy": disassociate_policy,
    "ListAccessPolicies": list_policies,
    "ListPodIdentityAssociations": list_identities,
    "CreatePodIdentityAssociation": lambda request: {
        "association": public(associate_pod_identity(request.cluster, request.body))
    },
    "DescribePodIdentityAssociation": lambda request: {"association": public(identity_of(request))},
    "DeletePodIdentityAssociation": delete_identity,
    "UpdatePodIdentityAssociation": update_identity,
    "ListIdentityProviderConfigs": lambda _: {"identityProviderConfigs": []},
}
