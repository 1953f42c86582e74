"""A way to give CloudFormation of moto a resource type that it lacks."""

import uuid

from moto.cloudformation import parsing
from moto.core.common_models import CloudFormationModel

from eks_records import place_of
from settings import ApiError

KEPT = {"labels", "tags"}  # their keys are the user's
FAILED = {}  # id of a stack: functions that remove what was begun and failed


def camel(value, key=""):
    """Properties of a template as the EKS API spells them: lower case first, tags a map, booleans booleans."""
    if isinstance(value, dict):
        if key in KEPT:
            return value
        return {lower(k): camel(x, lower(k)) for k, x in value.items()}
    if isinstance(value, list):
        if key == "tags":
            return {t["Key"]: t["Value"] for t in value}
        return [camel(x) for x in value]
    return {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value


def lower(name):
    return name[0].lower() + name[1:]


class Base:
    """What moto wants of every resource of a stack."""

    @staticmethod
    def cloudformation_name_type():
        return ""

    @classmethod
    def has_cfn_attr(cls, _):
        return True

    def is_created(self):
        return True

    def delete(self, account_id, region_name):
        pass

    def get_cfn_attribute(self, _):
        raise parsing.UnformattedGetAttTemplateException()

    @classmethod
    def update_from_cloudformation_json(cls, original_resource, *_, **__):
        return original_resource


def resource_type(name, create, attribute=None, delete=None):
    """Makes moto know a type.

    create(resource, properties, logical name) returns the physical id and keeps what it made as resource.thing.
    """

    def new(cls, resource_name, cloudformation_json, account_id, region_name, **options):
        resource = cls()
        resource.place, resource.thing = place_of(account_id, region_name), None
        properties = camel(cloudformation_json.get("Properties") or {})
        try:
            resource.physical_resource_id = created(create, resource, properties, resource_name)
        except Exception:
            # A roll-back or DeleteStack removes what failed, too.
            if resource.thing is not None and delete:
                FAILED.setdefault(options.get("StackId"), []).append(lambda: delete(resource))
            raise
        return resource

    members = {
        "cloudformation_type": staticmethod(lambda: name),
        "create_from_cloudformation_json": classmethod(new),
    }
    if attribute:
        members["get_cfn_attribute"] = lambda self, wanted: attribute(self, wanted)
    if delete:
        members["delete"] = lambda self, account_id, region_name: delete(self)
    return type(name.replace("::", ""), (Base, CloudFormationModel), members)


def created(create, resource, properties, logical):
    """What create returns; an error of the EKS API reads as a resource handler tells it."""
    try:
        return create(resource, properties, logical)
    except ApiError as e:
        code = {409: "AlreadyExists", 404: "NotFound"}.get(e.status, "InvalidRequest")
        service = f"(Service: Eks, Status Code: {e.status}, Request ID: {uuid.uuid4()})"
        raise RuntimeError(
            f'Resource handler returned message: "{e.message} {service}" (RequestToken: {uuid.uuid4()},'
            f" HandlerErrorCode: {code})"
        ) from e


def known():
    """To be called after the last type: moto keeps lists of them."""
    for cached in (parsing.get_model_list, parsing.get_model_map, parsing.get_name_type_map):
        cached.cache_clear()
