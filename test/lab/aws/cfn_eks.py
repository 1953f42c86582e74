"""CloudFormation resource types AWS::EKS::*, and a few of EC2 that do nothing here."""

import time

from cfn_types import known, resource_type
from eks_access import ENTRY_IN_USE, associate_pod_identity, put_access_entry
from eks_addons import create_addon
from eks_clusters import create_cluster, start_cluster, stop_cluster
from eks_records import clusters, get_cluster
from nodegroups import node_group, start_node_group, stop_node_group
from settings import ApiError

NO_SUBNETS = (
    "Properties validation failed for resource ManagedNodeGroup with message:\n#: required key [Subnets] not found"
)


def cluster(resource, p, logical):
    p["name"] = p.get("name") or logical
    c = resource.thing = create_cluster(resource.place, p)
    start_cluster(c)
    return c["name"]


def cluster_attribute(resource, wanted):
    c = resource.thing
    if wanted == "CertificateAuthorityData":
        return c["certificateAuthority"]["data"]
    return {
        "Arn": c["arn"],
        "Endpoint": c.get("endpoint"),
        "ClusterSecurityGroupId": c["_security_group"],
        "OpenIdConnectIssuerUrl": c["identity"]["oidc"]["issuer"],
        "Id": c["name"],
        "EncryptionConfigKeyArn": "",
        "KubernetesNetworkConfig.ServiceIpv6Cidr": "",
    }[wanted]


def delete_cluster(resource):
    if resource.thing and resource.thing["name"] in clusters(resource.place):
        stop_cluster(resource.thing)


def nodes(resource, p, logical):
    if not p.get("subnets"):
        raise RuntimeError(NO_SUBNETS)
    c = get_cluster(resource.place, p["clusterName"])
    p["nodegroupName"] = p.get("nodegroupName") or logical
    group = resource.thing = node_group(c, p)
    start_node_group(c, group)
    return f"{c['name']}/{group['nodegroupName']}"


def nodes_attribute(resource, wanted):
    group = resource.thing
    return {
        "Arn": group["nodegroupArn"],
        "NodegroupName": group["nodegroupName"],
        "ClusterName": group["clusterName"],
        "Id": group["nodegroupArn"],
    }[wanted]


def delete_nodes(resource):
    c = clusters(resource.place).get(resource.thing["clusterName"])
    if c and resource.thing["nodegroupName"] in c["_groups"]:
        stop_node_group(c, resource.thing)


def addon(resource, p, _):
    resource.thing = create_addon(get_cluster(resource.place, p["clusterName"]), p)
    while resource.thing["status"] == "CREATING":
        time.sleep(0.1)
    return f"{p['clusterName']}|{p['addonName']}"


def access_entry(resource, p, _):
    c = get_cluster(resource.place, p["clusterName"])
    if p["principalArn"] in c["_entries"]:
        raise ApiError("ResourceInUseException", ENTRY_IN_USE, 409)
    resource.thing = put_access_entry(c, p["principalArn"], p, p.get("accessPolicies") or [])
    return f"{p['principalArn']}|{c['name']}"


def pod_identity(resource, p, _):
    resource.thing = associate_pod_identity(get_cluster(resource.place, p["clusterName"]), p)
    return resource.thing["associationArn"]


def drop(records, key):
    def delete(resource):
        c = clusters(resource.place).get((resource.thing or {}).get("clusterName"))
        if c:
            c[records].pop(resource.thing[key], None)

    return delete


resource_type("AWS::EKS::Cluster", cluster, cluster_attribute, delete_cluster)
resource_type("AWS::EKS::Nodegroup", nodes, nodes_attribute, delete_nodes)
resource_type("AWS::EKS::Addon", addon, lambda resource, _: resource.thing["addonArn"], drop("_addons", "addonName"))
resource_type(
    "AWS::EKS::AccessEntry",
    access_entry,
    lambda resource, _: resource.thing["accessEntryArn"],
    drop("_entries", "principalArn"),
)
resource_type(
    "AWS::EKS::PodIdentityAssociation",
    pod_identity,
    lambda resource, wanted: resource.thing["associationArn" if wanted.endswith("Arn") else "associationId"],
    drop("_identities", "associationId"),
)
for name in (
    "AWS::EC2::SecurityGroupEgress",
    "AWS::EC2::VPCCidrBlock",
    "AWS::EC2::SubnetCidrBlock",
    "AWS::EC2::EgressOnlyInternetGateway",
    "AWS::EC2::PlacementGroup",
):
    resource_type(name, lambda _, __, logical: logical, lambda resource, _: resource.physical_resource_id)
known()
