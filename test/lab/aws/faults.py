"""Injected faults and how each AWS protocol spells an error."""

import fnmatch
import json
import threading
import uuid

from settings import ACCOUNT, ApiError

FAULTS, FLOCK = [], threading.RLock()


def take_fault(kinds, **about):
    """The first fault of these kinds that is not used up and whose globs fit; it counts as hit."""
    with FLOCK:
        for fault in FAULTS:
            if fault["kind"] not in kinds or fault.get("count", 1) == 0 or not fits(fault, about):
                continue
            if fault.get("skip", 0) > 0:
                fault["skip"] -= 1
                continue
            if fault.get("count", 1) > 0:
                fault["count"] = fault.get("count", 1) - 1
            fault["hits"] = fault.get("hits", 0) + 1
            return dict(fault)
    return None


def fits(fault, about):
    return all(fnmatch.fnmatchcase(str(x).lower(), str(fault.get(k, "*")).lower()) for k, x in about.items())


def fault_error(fault, service, operation, protocol):
    """The error that an injected fault is, as its service spells it; the fault may say it in its own words."""
    make = {"throttle": throttled, "deny": denied, "expired": expired}.get(fault["kind"], failed)
    code, message, status = make(service, operation, protocol == "json")
    return ApiError(fault.get("code", code), fault.get("message", message), fault.get("status", status))


def throttled(service, _, json_protocol):
    if service == "ec2":
        return "RequestLimitExceeded", "Request limit exceeded.", 503
    if service == "eks":
        return "ThrottlingException", "Rate exceeded", 429
    return "ThrottlingException" if json_protocol else "Throttling", "Rate exceeded", 400


def denied(service, operation, json_protocol):
    action = f"{service}:{operation}"
    message = (
        f"User: arn:aws:iam::{ACCOUNT}:user/moto is not authorized to perform: {action} on resource: *"
        f" because no identity-based policy allows the {action} action"
    )
    if service == "ec2":
        return "UnauthorizedOperation", "You are not authorized to perform this operation. " + message, 403
    return "AccessDeniedException" if json_protocol or service == "eks" else "AccessDenied", message, 403


def expired(service, _, json_protocol):
    if service == "ec2":
        return "RequestExpired", "Request has expired.", 400
    code = "ExpiredTokenException" if json_protocol or service == "eks" else "ExpiredToken"
    return code, "The security token included in the request is expired", 403


def failed(*_):
    message = "The request processing has failed because of an unknown error, exception or failure."
    return "InternalFailure", message, 500


def escape(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def render_error(e, service, protocol):
    """Status, headers and body of an error in the protocol of a service."""
    request, message = str(uuid.uuid4()), escape(e.message)
    if protocol == "ec2":
        error = f"<Errors><Error><Code>{e.code}</Code><Message>{message}</Message></Error></Errors>"
        start = '<?xml version="1.0" encoding="UTF-8"?>\n'
        body = f"{start}<Response>{error}<RequestID>{request}</RequestID></Response>"
        return e.status, [("Content-Type", "text/xml")], body
    if protocol == "query":
        kind = "Sender" if e.status < 500 else "Receiver"
        error = f"<Error><Type>{kind}</Type><Code>{e.code}</Code><Message>{message}</Message></Error>"
        body = f"<ErrorResponse>{error}<RequestId>{request}</RequestId></ErrorResponse>"
        return e.status, [("Content-Type", "text/xml")], body
    headers = [("Content-Type", "application/json"), ("x-amzn-ErrorType", e.code)]
    return e.status, headers, json.dumps({"__type": e.code, "message": e.message})
