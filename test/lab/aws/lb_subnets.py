"""The subnets that the cloud controller chooses for a load balancer."""

from eks_records import clusters
from node_subnets import default_route
from settings import ApiError

ASKED = "service.beta.kubernetes.io/aws-load-balancer-subnets"


def chosen_subnets(b, ec2, internal):
    """The annotation's, or one a zone: public unless internal, those with the role's tag first."""
    c = clusters(b["region"])[b["cluster"]]
    mine = [s for s in ec2.describe_subnets() if s.vpc_id == c["resourcesVpcConfig"]["vpcId"]]
    asked = [x.strip() for x in b["annotations"].get(ASKED, "").split(",") if x.strip()]
    if asked:
        chosen = [s for s in mine if s.id in asked or tags_of(s).get("Name") in asked]
        if len(chosen) != len(asked):
            raise ApiError("Failed", f"expected to find {len(asked)}, but found {len(chosen)} subnets")
        return chosen
    role = "kubernetes.io/role/" + ("internal-elb" if internal else "elb")
    zones = {}
    for s in sorted(mine, key=lambda s: (role not in tags_of(s), s.id)):
        keys = [k for k in tags_of(s) if k.startswith("kubernetes.io/cluster/")]
        ours = not keys or f"kubernetes.io/cluster/{b['cluster']}" in keys
        if ours and (internal or default_route(ec2, s.id, s.vpc_id) == "igw"):
            zones.setdefault(s.availability_zone, s)
    if not zones:
        raise ApiError("Failed", "could not find any suitable subnets for creating the ELB")
    return [zones[z] for z in sorted(zones)]


def tags_of(resource):
    return {t["key"]: t["value"] for t in resource.get_tags()}
