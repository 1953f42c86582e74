"""Ingress rules of the cluster's security group for a network load balancer, described as the cloud controller does."""

from eks_records import clusters


def sync_rules(b, ec2, name, subnets):
    """Opens the node ports to the source ranges and to the health checks of the subnets, and to nothing else."""
    group = cluster_group(b, ec2)
    if not group:
        return
    wanted = {(r, f"kubernetes.io/rule/nlb/client={name}") for r in b["ranges"]}
    wanted |= {(s.cidr_block, f"kubernetes.io/rule/nlb/health={name}") for s in subnets}
    for port in (p["nodePort"] for p in b["ports"]):
        have = {source_of(r): r for r in lb_rules(group, name) if r.from_port == port}
        for source in have.keys() - wanted:
            group.ingress_rules.remove(have[source])
        missing = [{"CidrIp": cidr, "Description": text} for cidr, text in sorted(wanted - have.keys())]
        if missing:
            ec2.authorize_security_group_ingress(group.id, "tcp", str(port), str(port), missing)


def source_of(rule):
    return rule.ip_range.get("CidrIp"), rule.ip_range.get("Description")


def cluster_group(b, ec2):
    c = clusters(b["region"]).get(b["cluster"])
    return c and ec2.get_security_group_from_id(c["_security_group"])


def lb_rules(group, name):
    wanted = tuple(f"kubernetes.io/rule/nlb/{kind}={name}" for kind in ("client", "health"))
    rules = group.ingress_rules if group else []
    return [r for r in rules if (r.ip_range.get("Description") or "") in wanted]
