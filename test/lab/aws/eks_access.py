"""Who may what in an EKS cluster: access entries, and pod identity associations."""

import uuid

from eks_records import account_of, arn
from settings import ApiError, now

NO_ENTRY = (
    "The specified principalArn could not be found. You can view your available access entries with 'aws eks"
    " list-access-entries'."
)
ENTRY_IN_USE = "The specified access entry resource is already in use on this cluster."


def put_access_entry(c, principal, p, policies=()):
    kind = p.get("type") or "STANDARD"
    tail = f"access-entry/{c['name']}/role/{account_of(c['_place'])}/{principal.split('/')[-1]}/{uuid.uuid4()}"
    entry = {
        "clusterName": c["name"],
        "principalArn": principal,
        "kubernetesGroups": p.get("kubernetesGroups") or [],
        "type": kind,
        "username": p.get("username") or (principal if kind == "STANDARD" else "system:node:{{EC2PrivateDNSName}}"),
        "accessEntryArn": arn(c["_place"], tail),
        "createdAt": now(),
        "modifiedAt": now(),
        "tags": p.get("tags") or {},
        "_policies": [associated_policy(q) for q in policies],
    }
    c["_entries"][principal] = entry
    return entry


def associated_policy(p):
    return {
        "policyArn": p["policyArn"],
        "accessScope": p.get("accessScope") or {"type": "cluster"},
        "associatedAt": now(),
        "modifiedAt": now(),
    }


def associate_pod_identity(c, p, owner=None):
    """owner: the ARN of the addon that the association belongs to."""
    for x in c["_identities"].values():
        if (x["namespace"], x["serviceAccount"]) == (p.get("namespace"), p.get("serviceAccount")):
            raise ApiError("ResourceInUseException", f"Association already exists: {x['associationId']}", 409)
    number = "a-" + uuid.uuid4().hex[:17]
    made = {
        "clusterName": c["name"],
        "namespace": p.get("namespace"),
        "serviceAccount": p.get("serviceAccount"),
        "roleArn": p.get("roleArn"),
        "associationId": number,
        "associationArn": arn(c["_place"], f"podidentityassociation/{c['name']}/{number}"),
        "tags": p.get("tags") or {},
        "createdAt": now(),
        "modifiedAt": now(),
    }
    if owner:
        made["ownerArn"] = owner
    c["_identities"][number] = made
    return made


def drop_identities_of(c, owner):
    for number in [i for i, x in c["_identities"].items() if x.get("ownerArn") == owner]:
        c["_identities"].pop(number)
