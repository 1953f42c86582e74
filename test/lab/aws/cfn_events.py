"""Events of a stack and of its resources, as eksctl reads them."""

from moto.cloudformation.models import Event


def event(stack, logical, physical, kind, status, reason=None):
    stack.events.append(Event(stack.stack_id, stack.name, logical, physical or "", kind, status, reason, None))


def stack_event(stack, status, reason=None):
    stack.status = status
    stack.status_reason = stack.stack_status_reason = reason
    event(stack, stack.name, stack.stack_id, "AWS::CloudFormation::Stack", status, reason)
