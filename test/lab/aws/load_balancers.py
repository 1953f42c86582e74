"""Load balancers of Services, as the cloud controller makes, updates and deletes them."""

import hashlib
import re

from moto.ec2 import ec2_backends
from moto.elb import elb_backends
from moto.elbv2 import elbv2_backends
from moto.elbv2.models import ELBv2Backend

from lb_kinds import make_classic, make_nlb
from lb_rules import cluster_group, lb_rules, sync_rules
from lb_subnets import chosen_subnets
from settings import ACCOUNT, log

PREFIX = "service.beta.kubernetes.io/aws-load-balancer-"

_delete_v2 = ELBv2Backend.delete_load_balancer


def delete_v2(self, arn):
    """Its interfaces go with it, also when nobody but the API is asked."""
    lb = self.load_balancers.get(arn)
    _delete_v2(self, arn)
    if lb is not None:
        drop_enis(ec2_backends[ACCOUNT][self.region_name], lb.name)


ELBv2Backend.delete_load_balancer = delete_v2


def lb_names(uid, region, network):
    """Name and hostname: "a" and the uid's digits, cut at 32 characters, as Kubernetes makes them."""
    name = ("a" + uid.replace("-", ""))[:32]
    digest = hashlib.sha256(uid.encode()).hexdigest()
    if network:
        return name, f"{name}-{digest[:16]}.elb.{region}.amazonaws.com"
    return name, f"{name}-{int(digest[:8], 16)}.{region}.elb.amazonaws.com"


def ensure(b, ec2):
    """Creates or updates the load balancer of one Service; returns its name, hostname and zones."""
    network = b["annotations"].get(PREFIX + "type") == "nlb"
    internal = b["annotations"].get(PREFIX + "internal", "false").lower() not in ("false", "")
    name, host = lb_names(b["uid"], b["region"], network)
    lb = find_lb(b["region"], name)
    if lb is None:
        subnets = chosen_subnets(b, ec2, internal)
        make = make_nlb if network else make_classic
        lb = make(b, name, host, subnets, "internal" if internal else "internet-facing")
        log("load balancer", name, b["cluster"], b["service"], [s.id for s in subnets])
    subnets = [ec2.get_subnet(s if isinstance(s, str) else s.id) for s in lb.subnets]
    cross = b["annotations"].get(PREFIX + "cross-zone-load-balancing-enabled") == "true"
    if network:
        lb.attrs["load_balancing.cross_zone.enabled"] = str(cross).lower()
        sync_targets(b, lb)
        sync_rules(b, ec2, name, subnets)
    zones = [{"subnet": s.id, "zone": s.availability_zone} for s in subnets]
    return {"name": name, "hostname": host, "zones": zones, "cross": cross or not network}


def find_lb(region, name):
    both = [*elbv2_backends[ACCOUNT][region].load_balancers.values()]
    both += elb_backends[ACCOUNT][region].load_balancers.values()
    return next((x for x in both if x.name == name), None)


def groups_of(backend, lb):
    return [g for g in backend.target_groups.values() if lb.arn in g.load_balancer_arns]


def sync_targets(b, lb):
    backend = elbv2_backends[ACCOUNT][b["region"]]
    for group in groups_of(backend, lb):
        wanted = {i: {"Id": i, "Port": int(group.port)} for i in b["instances"]}
        for i in [i for i in group.targets if i not in wanted]:
            group.targets.pop(i)
        for i in wanted:
            group.targets.setdefault(i, wanted[i])


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
    for e in lb_enis(ec2, name):
        ec2.enis.pop(e.id, None)


def delete(b, ec2):
    lb, name = find_lb(b["region"], b["name"]), b["name"]
    drop_enis(ec2, name)
    if lb is None:
        return {}
    if hasattr(lb, "arn"):
        backend = elbv2_backends[ACCOUNT][b["region"]]
        groups = groups_of(backend, lb)
        backend.delete_load_balancer(lb.arn)
        for g in groups:
            backend.target_groups.pop(g.arn, None)
        group = cluster_group(b, ec2)
        for rule in lb_rules(group, name):
            group.ingress_rules.remove(rule)
    else:
        elb_backends[ACCOUNT][b["region"]].delete_load_balancer(name)
        for sg in list(ec2.describe_security_groups()):
            if sg.name == f"k8s-elb-{name}":
                ec2.delete_security_group(group_id=sg.id)
    log("load balancer", name, "deleted")
    return {}
