"""Network and Classic load balancers as the cloud controller asks AWS for them, with their tags."""

import hashlib
import re

from moto.ec2 import ec2_backends
from moto.elb import elb_backends
from moto.elbv2 import elbv2_backends

from settings import ACCOUNT

TAGS = "service.beta.kubernetes.io/aws-load-balancer-additional-resource-tags"


def lb_tags(b):
    extra = b["annotations"].get(TAGS, "")
    return {
        **dict(x.split("=", 1) for x in extra.split(",") if "=" in x),
        f"kubernetes.io/cluster/{b['cluster']}": "owned",
        "kubernetes.io/service-name": b["service"],
    }


def make_nlb(b, name, host, subnets, scheme):
    backend = elbv2_backends[ACCOUNT][b["region"]]
    tags = [{"Key": k, "Value": v} for k, v in lb_tags(b).items()]
    lb = backend.create_load_balancer(
        name, [], [s.id for s in subnets], scheme=scheme, loadbalancer_type="network", tags=[]
    )
    backend.load_balancers.pop(lb.arn)
    lb.arn, lb.dns_name = lb.arn.replace("/app/", "/net/"), host  # moto calls all of them app
    backend.load_balancers[lb.arn] = lb
    backend.tagging_service.tag_resource(lb.arn, tags)
    for port in b["ports"]:
        digest = hashlib.sha256(f"{name}{port['port']}".encode()).hexdigest()[:10]
        group = backend.create_target_group(
            re.sub("-+", "-", f"k8s-{b['service'].replace('/', '-')[:16]}-{digest}"),
            protocol="TCP",
            port=str(port["nodePort"]),
            vpc_id=subnets[0].vpc_id,
            target_type="instance",
            healthcheck_protocol="TCP",
            healthcheck_port="traffic-port",
            healthcheck_interval_seconds="30",
            healthcheck_timeout_seconds="10",
            healthy_threshold_count="3",
            unhealthy_threshold_count="3",
            healthcheck_enabled="true",
            tags=tags,
        )
        forward = [{"Type": "forward", "TargetGroupArn": group.arn}]
        backend.create_listener(lb.arn, "TCP", str(port["port"]), None, None, forward)
    return lb


def make_classic(b, name, host, subnets, scheme):
    ec2 = ec2_backends[ACCOUNT][b["region"]]
    sg = ec2.create_security_group(
        f"k8s-elb-{name}", f"Security group for Kubernetes ELB {name} ({b['service']})", subnets[0].vpc_id, lb_tags(b)
    )
    backend = elb_backends[ACCOUNT][b["region"]]
    listeners = [
        {
            "Protocol": "TCP",
            "InstanceProtocol": "TCP",
            "LoadBalancerPort": p["port"],
            "InstancePort": p["nodePort"],
            "SSLCertificateId": None,
        }
        for p in b["ports"]
    ]
    lb = backend.create_load_balancer(
        name, [s.availability_zone for s in subnets], listeners, scheme, [s.id for s in subnets], [sg.id]
    )
    lb.dns_name = host
    for k, v in lb_tags(b).items():
        lb.add_tag(k, v)
    return lb
