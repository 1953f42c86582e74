"""Deletion of stacks in the background: resources last first, exports in use, what may not or cannot go."""

import json
import threading
import time
import traceback

from moto.cloudformation.exceptions import ValidationError
from moto.core.utils import utcnow
from moto.ec2.exceptions import DependencyViolationError

from cfn_events import event, stack_event
from cfn_types import FAILED
from faults import take_fault
from settings import log, sec


def teardown(stack):
    """Deletes the resources of a stack, last first; returns those that could not be deleted."""
    made, templates = stack.resource_map._parsed_resources, stack.resource_map._resource_json_map
    for clean in FAILED.pop(stack.stack_id, []):
        try:
            clean()
        except Exception as e:
            log("cleanup", stack.name, repr(e))
    failed = []
    for logical in reversed([k for k in made if k in templates]):
        if delete_resource(stack, logical, made[logical], templates[logical]):
            made.pop(logical, None)
        elif templates[logical].get("DeletionPolicy") != "Retain":
            failed.append(logical)
    return failed


def delete_resource(stack, logical, resource, template):
    """Has the resource gone?"""
    kind = template["Type"]
    about = (stack, logical, getattr(resource, "physical_resource_id", ""), kind)
    if template.get("DeletionPolicy") == "Retain":
        event(*about, "DELETE_SKIPPED")
        return False
    event(*about, "DELETE_IN_PROGRESS")
    fault = take_fault(["delete-failed"], stack=stack.name, resource=logical, type=kind)
    if fault:
        event(*about, "DELETE_FAILED", fault.get("reason", "simulated failure"))
        return False
    try:
        stack.resource_map._delete_resource(resource, template)
    except DependencyViolationError as e:
        if kind in ("AWS::EC2::Subnet", "AWS::EC2::VPC"):
            event(*about, "DELETE_FAILED", e.message)
            return False
        log("delete", stack.name, logical, kind, repr(e)[:200])
    except Exception as e:
        log("delete", stack.name, logical, kind, repr(e)[:200])
    event(*about, "DELETE_COMPLETE")
    return True


def delete_stack(self, name_or_stack_id):
    stack = next((s for s in self.stacks.values() if name_or_stack_id in (s.stack_id, s.name)), None)
    if not stack or stack.status == "DELETE_IN_PROGRESS":
        return
    if stack.enable_termination_protection:
        message = f"Stack [{stack.name}] cannot be deleted while TerminationProtection is enabled"
        raise ValidationError(stack.name, message=message)
    was_ready = getattr(stack, "_ready", False)
    stack._ready, stack._cancel = False, True
    stack_event(stack, "DELETE_IN_PROGRESS", "User Initiated")
    threading.Thread(target=remove, args=(self, stack, was_ready), daemon=True).start()


def users_of(backend, stack, exports):
    others = [s for s in backend.stacks.values() if s is not stack and s.status != "DELETE_IN_PROGRESS"]
    return [s.name for s in others if any(json.dumps(x) in json.dumps(s.template_dict) for x in exports)]


def remove(backend, stack, was_ready):
    exports = [k for k, e in backend.exports.items() if e.exporting_stack_id == stack.stack_id]
    users = users_of(backend, stack, exports)
    if users:
        why = f"Export {exports[0]} cannot be deleted as it is in use by {' and '.join(users)}"
        stack_event(stack, "DELETE_FAILED", why)
        stack._ready = was_ready
        return
    try:
        stack._maker.join()  # a stack deleted while it is being created: what is under way ends first
        time.sleep(sec("SIM_STACK_SECONDS"))
        failed = teardown(stack)
    except Exception as e:
        traceback.print_exc()
        stack_event(stack, "DELETE_FAILED", str(e))
        return
    if failed:
        why = f"The following resource(s) failed to delete: [{', '.join(failed)}]. "
        stack_event(stack, "DELETE_FAILED", why)
        return
    for k in exports:
        backend.exports.pop(k, None)
    stack_event(stack, "DELETE_COMPLETE")
    backend.deleted_stacks[stack.stack_id] = stack
    backend.stacks.pop(stack.stack_id, None)
    stack.deletion_time = utcnow()
