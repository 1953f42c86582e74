"""Everything that exists in the simulated account, one sorted line a thing, for comparing before and after."""

from moto.cloudformation import models as cfm
from moto.ec2 import ec2_backends
from moto.elb import elb_backends
from moto.elbv2 import elbv2_backends
from moto.iam import iam_backends
from moto.logs import logs_backends

from eks_records import REGIONS
from settings import ACCOUNT


def lines(regions):
    """regions: those that were called; the default VPC of a region does not count."""
    out = {f"global {x}" for x in iam()}
    for region in regions:
        for part in (network, compute, stacks, eks, load_balancers, logs):
            out |= {f"{region} {x}" for x in part(region)}
    return sorted(out)


def iam():
    b = iam_backends[ACCOUNT]["aws"]
    yield from (f"role {r.name}" for r in b.roles.values())
    yield from (f"policy {p.name}" for p in b.managed_policies.values() if f":{ACCOUNT}:" in p.arn)
    yield from (f"instance-profile {p.name}" for p in b.instance_profiles.values())
    yield from (f"oidc-provider {arn}" for arn in b.open_id_providers)


def network(region):
    ec2 = ec2_backends[ACCOUNT][region]
    default = {v.id for v in ec2.vpcs.values() if str(v.is_default).lower() == "true"}
    yield from (f"vpc {v}" for v in ec2.vpcs if v not in default)
    yield from (f"subnet {s.id}" for s in ec2.describe_subnets() if s.vpc_id not in default)
    yield from (f"internet-gateway {g.id}" for g in ec2.internet_gateways.values() if g.vpc not in default)
    yield from (f"nat-gateway {g.id}" for g in ec2.nat_gateways.values() if g.state != "deleted")
    yield from (f"elastic-ip {a.allocation_id}" for a in ec2.addresses)
    for t in ec2.route_tables.values():
        if t.vpc_id not in default:
            yield f"route-table {t.id}"
    for group in ec2.describe_security_groups():
        if group.vpc_id in default:
            continue
        yield f"security-group {group.id} {group.name}"
        yield from (f"security-group-rule {group.id} {r.id}" for r in group.ingress_rules + group.egress_rules)
    yield from (f"network-interface {e.id} {e.description}" for e in ec2.enis.values())


def compute(region):
    ec2 = ec2_backends[ACCOUNT][region]
    for i in ec2.all_instances():
        if i.state != "terminated":
            yield f"instance {i.id}"
    yield from (f"volume {v.id}" for v in ec2.volumes.values())
    yield from (f"launch-template {t}" for t in ec2.launch_templates)


def stacks(region):
    return [f"stack {s.name} {s.status}" for s in cfm.cloudformation_backends[ACCOUNT][region].stacks.values()]


def eks(region):
    for name, c in REGIONS.get(region, {}).items():
        yield f"cluster {name} {c['status']}"
        yield from (f"nodegroup {name}/{n}" for n in c["_groups"])
        yield from (f"addon {name}/{a}" for a in c["_addons"])
        yield from (f"access-entry {name} {p}" for p in c["_entries"])
        yield from (f"pod-identity {name} {i}" for i in c["_identities"])


def load_balancers(region):
    v2 = elbv2_backends[ACCOUNT][region]
    yield from (f"load-balancer {x.name} {x.type}" for x in v2.load_balancers.values())
    yield from (f"target-group {g.name}" for g in v2.target_groups.values())
    yield from (f"load-balancer {name} classic" for name in elb_backends[ACCOUNT][region].load_balancers)


def logs(region):
    return [f"log-group {name}" for name in logs_backends[ACCOUNT][region].groups]
