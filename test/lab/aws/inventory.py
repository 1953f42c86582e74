"""Everything that exists in the simulated account, one sorted line a thing, for comparing before and after; with the
details of each where somebody could change them: tags, rules, policies, sizes."""

from moto.cloudformation import models as cfm
from moto.ec2 import ec2_backends
from moto.elb import elb_backends
from moto.elbv2 import elbv2_backends
from moto.iam import iam_backends
from moto.logs import logs_backends

from eks_records import REGIONS, public
from settings import ACCOUNT


def things(regions):
    """Line: details. regions: those that were called; the default VPC of a region does not count."""
    out = {f"global {line}": details for line, details in iam()}
    for region in regions:
        for part in (network, compute, stacks, eks, load_balancers, logs):
            out.update({f"{region} {line}": details for line, details in part(region)})
    return dict(sorted(out.items()))


def of(thing, *names, **more):
    """Attributes of a record of moto."""
    return {name: getattr(thing, name) for name in names} | more


def iam():
    b = iam_backends[ACCOUNT]["aws"]
    for r in b.roles.values():
        attached = sorted(r.managed_policies)
        more = {"attached": attached, "boundary": r.permissions_boundary_arn}
        yield f"role {r.name}", of(r, "tags", "policies", "assume_role_policy_document", **more)
    for p in b.managed_policies.values():
        if f":{ACCOUNT}:" in p.arn:
            yield f"policy {p.name}", of(p, "tags", "default_version_id")
    yield from ((f"instance-profile {p.name}", of(p, "tags")) for p in b.instance_profiles.values())
    for arn, p in b.open_id_providers.items():
        yield f"oidc-provider {arn}", of(p, "tags", "client_id_list", "thumbprint_list")


def network(region):
    ec2 = ec2_backends[ACCOUNT][region]
    default = {v.id for v in ec2.vpcs.values() if str(v.is_default).lower() == "true"}

    def tagged(id_, **more):
        return {"tags": dict(ec2.tags.get(id_, {})), **more}

    yield from ((f"vpc {v}", tagged(v)) for v in ec2.vpcs if v not in default)
    yield from ((f"subnet {s.id}", tagged(s.id)) for s in ec2.describe_subnets() if s.vpc_id not in default)
    for g in ec2.internet_gateways.values():
        if g.vpc not in default:
            yield f"internet-gateway {g.id}", tagged(g.id)
    yield from ((f"nat-gateway {g.id}", tagged(g.id)) for g in ec2.nat_gateways.values() if g.state != "deleted")
    yield from ((f"elastic-ip {a.allocation_id}", tagged(a.allocation_id)) for a in ec2.addresses)
    for t in ec2.route_tables.values():
        if t.vpc_id not in default:
            routes = sorted(str(r.destination_cidr_block) for r in t.routes)
            yield f"route-table {t.id}", tagged(t.id, routes=routes, main=t.main_association_id is not None)
    for group in ec2.describe_security_groups():
        if group.vpc_id not in default:
            yield f"security-group {group.id} {group.name}", tagged(group.id)
            yield from rules(group)
    users = users_of(region)
    for e in ec2.enis.values():
        user = users.get(e.id) or users.get(e.description.partition("/")[2].partition("/")[0])
        groups = sorted(g.id for g in e.group_set)
        yield f"network-interface {e.id} {e.description}", tagged(e.id, groups=groups, of=user)


def users_of(region):
    """Tags of the instance that has an interface or a volume, and of a load balancer by its name."""
    v2 = elbv2_backends[ACCOUNT][region]
    users = {x.name: v2.tagging_service.get_tag_dict_for_resource(x.arn) for x in v2.load_balancers.values()}
    ec2 = ec2_backends[ACCOUNT][region]
    for i in ec2.all_instances():
        parts = [nic.id for nic in i.nics.values()] + [d.volume_id for d in i.block_device_mapping.values()]
        users.update(dict.fromkeys(parts, dict(ec2.tags.get(i.id, {}))))
    return users


def rules(group):
    for r in group.ingress_rules + group.egress_rules:
        parts = ("from_port", "to_port", "ip_protocol", "ip_range", "source_group")
        yield f"security-group-rule {group.id} {r.id}", of(r, *parts, group=group.name)


def compute(region):
    ec2 = ec2_backends[ACCOUNT][region]
    for i in ec2.all_instances():
        if i.state != "terminated":
            yield f"instance {i.id}", {"tags": dict(ec2.tags.get(i.id, {})), "state": i.state}
    users = users_of(region)
    for v in ec2.volumes.values():
        more = {"tags": dict(ec2.tags.get(v.id, {})), "of": users.get(v.id)}
        yield f"volume {v.id}", of(v, "size", "volume_type", "encrypted", "kms_key_id", **more)
    for t in ec2.launch_templates:
        yield f"launch-template {t}", {"tags": dict(ec2.tags.get(t, {}))}


def stacks(region):
    for s in cfm.cloudformation_backends[ACCOUNT][region].stacks.values():
        yield f"stack {s.name} {s.status}", of(s, "tags", "template")


def eks(region):
    for name, c in REGIONS.get(region, {}).items():
        yield f"cluster {name} {c['status']}", public(c)
        for kind, key in (("nodegroup", "_groups"), ("addon", "_addons")):
            yield from ((f"{kind} {name}/{n}", public(x)) for n, x in c[key].items())
        for kind, key in (("access-entry", "_entries"), ("pod-identity", "_identities")):
            yield from ((f"{kind} {name} {n}", public(x)) for n, x in c[key].items())


def load_balancers(region):
    v2 = elbv2_backends[ACCOUNT][region]
    tags = v2.tagging_service.get_tag_dict_for_resource
    yield from ((f"load-balancer {x.name} {x.type}", {"tags": tags(x.arn)}) for x in v2.load_balancers.values())
    for x in v2.load_balancers.values():
        yield from ((f"listener {x.name} {y.port}", {"tags": tags(y.arn)}) for y in x.listeners.values())
    yield from ((f"target-group {g.name}", {"tags": tags(g.arn)}) for g in v2.target_groups.values())
    for name, x in elb_backends[ACCOUNT][region].load_balancers.items():
        yield f"load-balancer {name} classic", of(x, "tags")


def logs(region):
    return [(f"log-group {name}", {}) for name in logs_backends[ACCOUNT][region].groups]
