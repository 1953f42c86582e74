"""What a node group needs of its subnets: public addresses where they are public, and a way out."""

from moto.ec2 import ec2_backends

from eks_records import account_of

NO_PUBLIC_ADDRESS = (
    "One or more Amazon EC2 Subnets of [{}] for node group {} does not automatically assign public IP addresses to"
    " instances launched into it. If you want your instances to be assigned a public IP address, then you need to"
    " enable auto-assign public IP address for the subnet. See IP addressing in VPC guide:"
    " https://docs.aws.amazon.com/vpc/latest/userguide/vpc-ip-addressing.html#subnet-public-ip"
)


def has_subnet(ec2, subnet):
    try:
        return bool(ec2.get_subnet(subnet))
    except Exception:
        return False


def default_route(ec2, subnet, vpc):
    """What a subnet's 0.0.0.0/0 route leads to: "igw", "nat", "other" or None."""
    tables = [t for t in ec2.route_tables.values() if t.vpc_id == vpc]
    own = (t for t in tables if subnet in t._associations.values())
    table = next(own, None) or next((t for t in tables if t.main_association_id), None)
    for route in table.routes if table else ():
        if route.destination_cidr_block == "0.0.0.0/0":
            return "igw" if route.gateway else "nat" if route.nat_gateway else "other"
    return None


def subnet_problem(c, n):
    """Code and message of why nodes cannot start in the subnets of a node group, or None."""
    ec2 = ec2_backends[account_of(c["_place"])][c["_region"]]
    subnets = [ec2.get_subnet(s) for s in n["subnets"]]
    routes = {s.id: default_route(ec2, s.id, s.vpc_id) for s in subnets}
    bad = [s.id for s in subnets if routes[s.id] == "igw" and str(s.map_public_ip_on_launch).lower() != "true"]
    if bad:
        return "Ec2SubnetInvalidConfiguration", NO_PUBLIC_ADDRESS.format(", ".join(bad), n["nodegroupName"])
    if None in routes.values() and not c["resourcesVpcConfig"]["endpointPrivateAccess"]:
        return "NodeCreationFailure", "Instances failed to join the kubernetes cluster"
    return None
