"""Networks in stacks of moto as CloudFormation makes and deletes them; importing this mends what differs.

moto ignores the DNS attributes of a VPC and the tags of most parts, leaves addresses, attachments and the interfaces of NAT gateways
behind, and deletes subnets that are in use.
"""

from moto.cloudformation import models as cfm
from moto.ec2 import ec2_backends
from moto.ec2.exceptions import DependencyViolationError
from moto.ec2.models.elastic_ip_addresses import ElasticAddress
from moto.ec2.models.internet_gateways import InternetGateway
from moto.ec2.models.nat_gateways import NatGateway
from moto.ec2.models.route_tables import RouteTable
from moto.ec2.models.subnets import SubnetBackend
from moto.ec2.models.vpcs import VPC
from moto.ec2.models.vpn_gateway import VPCGatewayAttachment


def creating(kind, then):
    """Has `then` called with what a stack made, its properties, the backend of EC2 and the tags of the stack."""
    create = kind.create_from_cloudformation_json.__func__

    def new(cls, name, template, account, region, **options):
        made = create(cls, name, template, account, region, **options)
        stack = cfm.cloudformation_backends[account][region].stacks.get(options.get("StackId"))
        tags = dict(stack.tags) if stack else {}
        then(made, template.get("Properties") or {}, ec2_backends[account][region], tags)
        return made

    kind.create_from_cloudformation_json = classmethod(new)


def own_tags(properties):
    return {tag["Key"]: tag["Value"] for tag in properties.get("Tags") or []}


def tagged(made, properties, backend, _):
    """moto gives it the tags of the stack itself."""
    if own_tags(properties):
        backend.create_tags([made.id], own_tags(properties))


def address_made(made, properties, backend, tags):
    """moto knows an address by its IP where it gives it tags, and by its allocation where it tells them."""
    backend.create_tags([made.allocation_id], {**tags, **own_tags(properties)})


def nat_made(made, properties, backend, tags):
    made._eni.description = f"Interface for NAT Gateway {made.id}"
    tagged(made, properties, backend, tags)


def vpc_made(made, properties, *_):
    for name in ("EnableDnsSupport", "EnableDnsHostnames"):
        if name in properties:
            attribute = {"EnableDnsSupport": "enable_dns_support", "EnableDnsHostnames": "enable_dns_hostnames"}[name]
            setattr(made, attribute, str(properties[name]).lower())


def delete_address(self, account_id, region_name):
    ec2_backends[account_id][region_name].release_address(allocation_id=self.allocation_id)


def detach(self, account_id, region_name):
    backend = ec2_backends[account_id][region_name]
    for gateway in backend.internet_gateways.values():
        if gateway.vpc and gateway.vpc.id == self.vpc_id:
            gateway.vpc = None


_delete_nat = NatGateway.delete
_delete_subnet = SubnetBackend.delete_subnet


def delete_nat(self, account_id, region_name):
    backend = ec2_backends[account_id][region_name]
    _delete_nat(self, account_id, region_name)
    for address in list(backend.addresses):
        if address.eni is self._eni:
            backend.disassociate_address(address=address.public_ip)
    backend.enis.pop(self._eni.id, None)


def delete_subnet(self, subnet_id):
    if any(eni.subnet.id == subnet_id for eni in self.enis.values()):
        raise DependencyViolationError(f"The subnet '{subnet_id}' has dependencies and cannot be deleted.")
    return _delete_subnet(self, subnet_id)


creating(VPC, vpc_made)
creating(ElasticAddress, address_made)
creating(NatGateway, nat_made)
creating(InternetGateway, tagged)
creating(RouteTable, tagged)
ElasticAddress.delete = delete_address
VPCGatewayAttachment.delete = detach
NatGateway.delete = delete_nat
SubnetBackend.delete_subnet = delete_subnet
