"""What moto lacks of load balancers and of the rules for them; importing this adds it."""

import hashlib

from moto.ec2.responses.security_groups import SecurityGroups
from moto.elb.models import ELBBackend
from moto.elbv2.models import ELBv2Backend, FakeListener

_new_balancer = ELBv2Backend.create_load_balancer
_new_listener = FakeListener.__init__
_new_classic = ELBBackend.create_load_balancer
_authorize = SecurityGroups.authorize_security_group_ingress


def new_balancer(self, name, *args, scheme=None, loadbalancer_type=None, tags=None, **options):
    """moto calls all of them app, gives all of one name the same host, and knows no default scheme."""
    options |= {"scheme": scheme or "internet-facing", "loadbalancer_type": loadbalancer_type, "tags": []}
    lb = _new_balancer(self, name, *args, **options)
    if loadbalancer_type == "network":
        self.load_balancers.pop(lb.arn)
        lb.arn = lb.arn.replace("/app/", "/net/")
        lb.dns_name = f"{name}-{digest_of(lb.arn)[:16]}.elb.{self.region_name}.amazonaws.com"
        self.load_balancers[lb.arn] = lb
    self.tagging_service.tag_resource(lb.arn, tags or [])
    return lb


def new_listener(self, *args, **options):
    """moto gives every listener a policy for TLS."""
    _new_listener(self, *args, **options)
    if self.protocol == "TCP":
        self.ssl_policy = None


def new_classic(self, name, *args, **options):
    """moto has all hosts in one region, and no health check until one is set: the cloud controller panics without."""
    lb = _new_classic(self, name, *args, **options)
    lb.dns_name = f"{name}-{int(digest_of(name)[:8], 16)}.{self.region_name}.elb.amazonaws.com"
    target = f"TCP:{lb.listeners[0].instance_port}"
    self.configure_health_check(name, "5", "10", "2", "30", target)
    return lb


def authorize(self):
    """moto keeps what it added of a request before it refused the rest; EC2 adds all rules or none."""
    name = self._get_param("GroupName") or self._get_param("GroupId")
    group = self.ec2_backend.get_security_group_by_name_or_id(name)
    before = list(group.ingress_rules) if group else []
    try:
        return _authorize(self)
    except Exception:
        if group:
            group.ingress_rules[:] = before
        raise


def digest_of(text):
    return hashlib.sha256(text.encode()).hexdigest()


ELBv2Backend.create_load_balancer = new_balancer
FakeListener.__init__ = new_listener
ELBBackend.create_load_balancer = new_classic
SecurityGroups.authorize_security_group_ingress = authorize
