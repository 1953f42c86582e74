"""What AWS gives a load balancer that the cloud controller has made for a Service: interfaces, and whom it lets in."""

import re

from moto.ec2 import ec2_backends
from moto.elb import elb_backends
from moto.elb.models import ELBBackend
from moto.elbv2 import elbv2_backends
from moto.elbv2.models import ELBv2Backend

from eks_records import clusters
from settings import ACCOUNT

_delete_v2, _delete_classic = ELBv2Backend.delete_load_balancer, ELBBackend.delete_load_balancer


def delete_v2(self, arn):
    lb = self.load_balancers.get(arn)
    _delete_v2(self, arn)
    if lb is not None:
        drop_enis(ec2_backends[ACCOUNT][self.region_name], lb.name)


def delete_classic(self, name):
    _delete_classic(self, name)
    drop_enis(ec2_backends[ACCOUNT][self.region_name], name)


ELBv2Backend.delete_load_balancer = delete_v2
ELBBackend.delete_load_balancer = delete_classic


def found(b, ec2):
    """The load balancer of the Service with this uid, or None while there is none.

    targets: the registered instances. admitted: the ranges that security groups let in, by the port of a listener.
    """
    lb = find_lb(b["region"], ("a" + b["uid"].replace("-", ""))[:32])
    if lb is None:
        return None
    kind = of_network if hasattr(lb, "arn") else of_classic
    zones = [{"subnet": s.id, "zone": s.availability_zone} for s in subnets_of(lb, ec2)]
    return {"name": lb.name, "hostname": lb.dns_name, "zones": zones, **kind(b, ec2, lb)}


def find_lb(region, name):
    both = [*elbv2_backends[ACCOUNT][region].load_balancers.values()]
    both += elb_backends[ACCOUNT][region].load_balancers.values()
    return next((x for x in both if x.name == name), None)


def subnets_of(lb, ec2):
    return [ec2.get_subnet(s if isinstance(s, str) else s.id) for s in lb.subnets]


def of_network(b, ec2, lb):
    """It has no security group of its own: nodes see the addresses of clients, and their group decides."""
    cluster = clusters(b["region"]).get(b["cluster"])
    groups = [ec2.get_security_group_from_id(cluster["_security_group"])] if cluster else []
    backend = elbv2_backends[ACCOUNT][b["region"]]
    leads = {x.port: backend.target_groups[x.default_actions[0].TargetGroupArn] for x in lb.listeners.values()}
    return {
        "cross": lb.attrs["load_balancing.cross_zone.enabled"] == "true",
        "targets": sorted({target for group in leads.values() for target in group.targets}),
        "admitted": {str(port): admitted(groups, group.port) for port, group in leads.items()},
    }


def of_classic(_, ec2, lb):
    groups = [ec2.get_security_group_from_id(g) for g in lb.security_groups]
    ports = [x.load_balancer_port for x in lb.listeners]
    return {
        "cross": True,
        "targets": sorted(lb.instance_ids),
        "admitted": {str(port): admitted(groups, port) for port in ports},
    }


def admitted(groups, port):
    """The ranges from which these security groups let TCP in at a port."""
    rules = [r for group in groups for r in group.ingress_rules if lets_in(r, int(port))]
    return sorted({r.ip_range["CidrIp"] for r in rules if (r.ip_range or {}).get("CidrIp")})


def lets_in(rule, port):
    if rule.ip_protocol == "tcp":
        return int(rule.from_port) <= port <= int(rule.to_port)
    return rule.ip_protocol == "-1"


def make_ready(b, ec2):
    """Network interfaces, one a subnet, with the lab's addresses as their public addresses."""
    lb = find_lb(b["region"], b["name"])
    if lb is None or lb_enis(ec2, b["name"]):
        return {}
    lb.state = "active"
    kind = "net/" if hasattr(lb, "arn") else ""
    tail = "/" + lb.arn.split("/")[-1] if kind else ""
    for subnet, address in b["addresses"].items():
        eni = ec2.create_network_interface(ec2.get_subnet(subnet), None, description=f"ELB {kind}{b['name']}{tail}")
        eni.requester_managed, eni.requester_id, eni.status = True, "amazon-elb", "in-use"
        eni.interface_type = "network_load_balancer" if kind else "interface"
        if lb.scheme == "internal":
            eni.private_ip_address = address
            eni.private_ip_addresses = [{"Primary": True, "PrivateIpAddress": address}]
        else:
            eni.public_ip = address
    return {}


def lb_enis(ec2, name):
    return [e for e in ec2.enis.values() if re.match(rf"ELB (net/)?{name}(/|$)", e.description)]


def drop_enis(ec2, name):
    """They go with their load balancer, whoever deletes it."""
    for e in lb_enis(ec2, name):
        ec2.enis.pop(e.id, None)
