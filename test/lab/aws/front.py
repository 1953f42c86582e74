"""The HTTP front: control calls, faults, held Describe* calls, EKS; everything else goes to moto."""

import http.client
import json
import re
import time
import traceback
import uuid

import cfn_stacks
import eks_api
from call import Call
from control import control
from eks_records import RLOCK, place_of
from faults import fault_error, render_error, take_fault
from moto.iam.models import get_account_id_from
from settings import ApiError, log


class Front:
    def __init__(self, app):
        self.app = app

    def __call__(self, env, start):
        call = Call(env)
        if call.path.startswith("/_lab"):
            return control(call, start)
        call.understand(env)
        fault = injected(call)
        if fault:
            return reply(call, start, *fault)
        call.hold()
        if call.service == "eks":
            return reply(call, start, *eks(call))
        return self.moto(call, env, start)

    def moto(self, call, env, start):
        if (call.service, call.operation) == ("cloudformation", "CreateStack"):
            p = call.params
            keep = p.get("DisableRollback") == "true" or p.get("OnFailure") == "DO_NOTHING"
            cfn_stacks.CALL.disable_rollback = keep

        def begin(status, headers, exc=None):
            call.done(int(status.split()[0]))
            return start(status, headers, exc) if exc else start(status, headers)

        try:
            out = b"".join(self.app(env, begin))
        except Exception as e:  # a gap in the simulator: fail at once, with a code no client retries
            traceback.print_exc()
            error = ApiError("SimulatorError", f"simulator: {call.operation}: {e!r}", 400)
            return reply(call, start, *failure(call, error))
        if call.line["status"] and call.line["status"] >= 400:
            note_error(call, out)
        return [out]


def injected(call):
    """The answer of a fault that matches the call, after the delay of one that delays."""
    where = {"service": call.service, "operation": call.operation}
    delay = take_fault(["delay"], **where)
    if delay:
        time.sleep(float(delay.get("seconds", 1)))
    fault = take_fault(["throttle", "deny", "expired", "error"], **where)
    if fault:
        call.line["fault"] = fault["kind"]
        return failure(call, fault_error(fault, call.service, call.operation, call.protocol))
    return None


def failure(call, error):
    call.line["error"] = error.code
    return render_error(error, call.service, call.protocol)


def eks(call):
    try:
        if call.operation == "?":
            raise ApiError("UnknownOperationException", f"{call.method} {call.path}", 404)
        body = json.loads(call.body) if call.body else {}
        place = place_of(get_account_id_from(call.akid), call.region)
        request = eks_api.Request(place, call.variables, call.query, body)
        with RLOCK:
            out = eks_api.answer(call.operation, request)
        return 200, [("Content-Type", "application/json")], json.dumps(out)
    except ApiError as e:
        return failure(call, e)
    except Exception as e:
        traceback.print_exc()
        return failure(call, ApiError("ServerException", repr(e), 500))


def reply(call, start, status, headers, body):
    call.done(status)
    body = body.encode() if isinstance(body, str) else body
    more = [("Content-Length", str(len(body))), ("x-amzn-RequestId", str(uuid.uuid4()))]
    start(f"{status} {http.client.responses.get(status, 'X')}", headers + more)
    return [body]


def note_error(call, out):
    xml, js = rb"<Code>([^<]+)</Code>", rb'"(?:__type|code)":\s*"(?:[^"#]*#)?([^"]+)"'
    code = re.search(xml, out) or re.search(js, out)
    call.line["error"] = code.group(1).decode() if code else out[:100].decode("utf-8", "replace")
    if call.line["status"] >= 500:
        log(call.service, call.operation, call.line["status"], out[:300])
