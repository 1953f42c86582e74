"""Small things in moto that differ from AWS and matter to eksctl or to this project; importing this mends them."""

import time
import urllib.parse

from moto.cloudformation.responses import CloudFormationResponse
from moto.core.responses import ActionResult
from moto.ec2 import ec2_backends
from moto.ec2.models.internet_gateways import InternetGateway
from moto.ec2.models.nat_gateways import NatGateway
from moto.ec2.models.route_tables import RouteTable
from moto.ec2.models.subnets import Subnet, SubnetRouteTableAssociation
from moto.ec2.responses.settings import Settings
from moto.iam.models import OpenIDConnectProvider, Role, iam_backends
from moto.ssm.models import Parameter, SimpleSystemManagerBackend

# ---- IAM

_new_provider = OpenIDConnectProvider.__init__
_new_role = Role.create_from_cloudformation_json.__func__
_delete_role = Role.delete_from_cloudformation_json.__func__


def new_provider(self, *args, **options):
    """AWS drops the port from the provider's name."""
    _new_provider(self, *args, **options)
    url = urllib.parse.urlparse("https://" + self.url)
    self.url = url.hostname + url.path


def new_role(cls, name, template, account, region, **options):
    """moto ignores ManagedPolicyArns, and keeps Tags in another form than the one that it reads."""
    role = _new_role(cls, name, template, account, region, **options)
    for policy in template["Properties"].get("ManagedPolicyArns") or []:
        iam_backends[account]["aws"].attach_role_policy(policy, role.name)
    if isinstance(role.tags, dict):
        role.tags = {t["Key"]: t for t in template["Properties"].get("Tags") or []}
    return role


def delete_role(cls, name, template, account, region):
    backend = iam_backends[account]["aws"]
    for policy in list(backend.get_role(name).managed_policies):
        backend.detach_role_policy(policy, name)
    return _delete_role(cls, name, template, account, region)


OpenIDConnectProvider.__init__ = new_provider
Role.create_from_cloudformation_json = classmethod(new_role)
Role.delete_from_cloudformation_json = classmethod(delete_role)

# ---- EC2

_new_subnet = Subnet.create_from_cloudformation_json.__func__


def new_association(cls, _, template, account, region, **__):
    """moto makes the object but associates nothing."""
    p = template["Properties"]
    made = cls(p["RouteTableId"], p["SubnetId"])
    made.id = ec2_backends[account][region].associate_route_table(p["RouteTableId"], subnet_id=p["SubnetId"])
    return made


def delete_association(self, account_id, region_name):
    ec2_backends[account_id][region_name].disassociate_route_table(self.id)


def new_subnet(cls, name, template, account, region, **options):
    """moto ignores MapPublicIpOnLaunch."""
    subnet = _new_subnet(cls, name, template, account, region, **options)
    if str(template["Properties"].get("MapPublicIpOnLaunch")).lower() == "true":
        ec2_backends[account][region].modify_subnet_attribute(subnet.id, "map_public_ip_on_launch", "true")
    return subnet


def default_volume_key(self):
    """moto has the switch of encryption by default, but not the key; that of AWS is told by its alias."""
    return ActionResult({"KmsKeyId": "alias/aws/ebs"})


def deleting(operation):
    return lambda self, account_id, region_name: getattr(ec2_backends[account_id][region_name], operation)(self.id)


SubnetRouteTableAssociation.create_from_cloudformation_json = classmethod(new_association)
SubnetRouteTableAssociation.delete = delete_association
Subnet.create_from_cloudformation_json = classmethod(new_subnet)
Settings.get_ebs_default_kms_key_id = default_volume_key
for kind, operation in (
    (RouteTable, "delete_route_table"),
    (NatGateway, "delete_nat_gateway"),
    (InternetGateway, "delete_internet_gateway"),
):
    if "delete" not in kind.__dict__:  # moto's stacks leave these behind
        kind.delete = deleting(operation)

# ---- CloudFormation and SSM

_get_parameter = SimpleSystemManagerBackend.get_parameter


def update_termination_protection(self):
    stack = self.cloudformation_backend.get_stack(self._get_param("StackName"))
    stack.enable_termination_protection = bool(self._get_param("EnableTerminationProtection"))
    return ActionResult({"StackId": stack.stack_id})


def get_parameter(self, name):
    """eksctl looks for images and releases of nodes under names that moto does not have."""
    found = _get_parameter(self, name)
    if found is not None or not name.startswith(("/aws/service/eks/", "/aws/service/bottlerocket/")):
        return found
    image = next(iter(ec2_backends[self.account_id][self.region_name].amis))
    return Parameter(
        account_id=self.account_id,
        name=name,
        value=image if name.endswith("image_id") else "1.34.2-20260801",
        parameter_type="String",
        description="",
        allowed_pattern=None,
        keyid=None,
        last_modified_date=time.time(),
        version=1,
        data_type="text",
    )


CloudFormationResponse.update_termination_protection = update_termination_protection
SimpleSystemManagerBackend.get_parameter = get_parameter
