"""CloudFormation stacks as AWS runs them: in the background, with events, roll-back, exports and faults.

moto makes a stack while the call waits, and undoes nothing. This module replaces how its backend creates and deletes
stacks; what moto knows of templates, parameters and resources stays. A stack here has four more attributes: _ready
(its outputs may be seen), _cancel (it is being deleted), _maker (the thread that makes it) and disable_rollback.
"""

import copy
import threading
import time
import traceback

from moto.cloudformation import models, parsing
from moto.cloudformation.exceptions import AlreadyExistsException, ValidationError

from cfn_deletion import delete_stack, teardown
from cfn_events import event, stack_event
from faults import take_fault
from settings import log, sec

CALL = threading.local()  # disable_rollback of the call that this thread answers
STACK_OF = {}  # id of a resource map: its stack
_create_resource = parsing.parse_and_create_resource
_parse_template = models.Stack.parse_template
_outputs = models.Stack.outputs.fget


# ---- creating


def create_resource(logical, resource, resources, account_id, region_name):
    """One resource of a stack, with its events; dependencies come first, so that events come in the true order."""
    stack, where = STACK_OF.get(id(resources)), (resources, account_id, region_name)
    if stack is None:
        return _create_resource(logical, resource, *where)
    condition = resource.get("Condition")
    if condition and not resources.lazy_condition_map[condition]:
        return None
    parsing.parse_resource(copy.deepcopy(resource), resources)
    if getattr(stack, "_cancel", False):
        error = RuntimeError("Resource creation cancelled")
        error._logged = True
        raise error
    event(stack, logical, "", resource["Type"], "CREATE_IN_PROGRESS")
    try:
        fail_on_purpose(stack, logical, resource["Type"])
        made = _create_resource(logical, with_stack_tags(stack, logical, resource), *where)
    except Exception as e:
        creation_failed(stack, logical, resource["Type"], e)
        raise
    if resource["Type"] == "AWS::IAM::Role":
        tags = tags_of_made(stack, logical) | {t["Key"]: t["Value"] for t in made.tags}
        made.tags = [{"Key": k, "Value": v} for k, v in tags.items()]
    event(stack, logical, getattr(made, "physical_resource_id", ""), resource["Type"], "CREATE_COMPLETE")
    return made


EKS_TYPES = ("Cluster", "Nodegroup", "Addon", "AccessEntry", "PodIdentityAssociation")


def with_stack_tags(stack, logical, resource):
    """The tags of the stack, and CloudFormation's own, are those of what it makes; moto does so for EC2 alone."""
    if resource["Type"] not in [f"AWS::EKS::{name}" for name in EKS_TYPES]:
        return resource
    properties = resource.get("Properties") or {}
    given = properties.get("Tags") or {}
    own = given if isinstance(given, dict) else {tag["Key"]: tag["Value"] for tag in given}
    return {**resource, "Properties": {**properties, "Tags": {**tags_of_made(stack, logical), **own}}}


def tags_of_made(stack, logical):
    return {
        **stack.tags,
        "aws:cloudformation:stack-name": stack.name,
        "aws:cloudformation:stack-id": stack.stack_id,
        "aws:cloudformation:logical-id": logical,
    }


def fail_on_purpose(stack, logical, kind):
    fault = take_fault(["create-failed"], stack=stack.name, resource=logical, type=kind)
    if fault:
        time.sleep(float(fault.get("seconds", 0)))
        raise RuntimeError(fault.get("reason", 'Resource handler returned message: "simulated failure"'))


def creation_failed(stack, logical, kind, e):
    message = getattr(e, "message", None) or str(e) or repr(e)
    log("CREATE_FAILED", stack.name, logical, kind, message)
    if not isinstance(e, RuntimeError):
        traceback.print_exc()
    if not getattr(e, "_logged", False):
        event(stack, logical, "", kind, "CREATE_FAILED", message)
        e._logged = True


def create_stack(self, name, template, parameters, **options):
    if any(s.name == name for s in self.stacks.values()):
        raise AlreadyExistsException(f"Stack [{name}] already exists")
    stack = models.Stack(
        stack_id=models.generate_stack_id(name, self.region_name, self.account_id),
        name=name,
        template=template,
        parameters=parameters,
        account_id=self.account_id,
        region_name=self.region_name,
        cross_stack_resources=self.exports,
        **options,
    )
    outputs = (stack.template_dict.get("Outputs") or {}).values()
    exports = {parsing.clean_json(o["Export"]["Name"], stack.resource_map) for o in outputs if o.get("Export")}
    if exports & set(self.exports):
        raise ValidationError(stack.stack_id, message="Export names must be unique across a given region")
    stack.disable_rollback = getattr(CALL, "disable_rollback", False)
    self.stacks[stack.stack_id] = stack
    STACK_OF[id(stack.resource_map)] = stack
    stack_event(stack, "CREATE_IN_PROGRESS", "User Initiated")
    stack._maker = threading.Thread(target=make, args=(self, stack), daemon=True)
    stack._maker.start()
    return stack


def make(backend, stack):
    began = time.time()
    try:
        stack.resource_map.create(stack.template_dict)
        if getattr(stack, "_cancel", False):
            return
        stack.description = stack.template_dict.get("Description")
        time.sleep(max(0, sec("SIM_STACK_SECONDS") - (time.time() - began)))
        stack._ready = True
        for e in stack.exports:
            backend.exports[e.name] = e
        stack_event(stack, "CREATE_COMPLETE")
    except Exception:
        if not getattr(stack, "_cancel", False):
            undo(stack)


def undo(stack):
    bad = [e.logical_resource_id for e in stack.events if e.resource_status == "CREATE_FAILED"]
    if not bad:
        traceback.print_exc()
    why = f"The following resource(s) failed to create: [{', '.join(bad)}]. "
    if stack.disable_rollback:
        stack_event(stack, "CREATE_FAILED", why)
        return
    stack_event(stack, "ROLLBACK_IN_PROGRESS", why + "Rollback requested by user.")
    teardown(stack)
    stack_event(stack, "ROLLBACK_COMPLETE")


# ---- templates, outputs, resources


def list_form(o):
    """{"Fn::GetAtt": "Role1.Arn"} becomes ["Role1", "Arn"], the only form that moto knows."""
    if isinstance(o, dict):
        for k, x in o.items():
            o[k] = x.split(".", 1) if k == "Fn::GetAtt" and isinstance(x, str) else list_form(x)
    elif isinstance(o, list):
        o[:] = [list_form(x) for x in o]
    return o


def outputs(stack):
    done = getattr(stack, "_ready", False) or stack.status.startswith(("CREATE_COMPLETE", "UPDATE"))
    return _outputs(stack) if done else None


def stack_resources(stack):
    made, templates = stack.resource_map._parsed_resources, stack.resource_map._resource_json_map
    return [r for k, r in list(made.items()) if k in templates and r is not None]


parsing.parse_and_create_resource = create_resource
models.CloudFormationBackend.create_stack = create_stack
models.CloudFormationBackend.delete_stack = delete_stack
models.Stack.parse_template = staticmethod(lambda text: list_form(_parse_template(text)))
models.Stack.outputs = property(outputs)
models.Stack.stack_resources = property(stack_resources)
