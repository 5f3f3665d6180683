"""Sends the calls of a plan (JSON on standard input) with botocore and prints what came back, a JSON line each.

A line has `unknown` (the installed botocore lacks the operation or its error), or `sent` (the parameters that the installed botocore knows), `expected` (the part of the planned output that
it knows) and `got`, or `error`, `message` and `response`; bytes are written as {"$bytes": base64}, dates as {"$date": seconds}.
"""

import base64
import datetime
import json
import sys

from botocore import __version__
from botocore.config import Config
from botocore.session import Session

plan = json.load(sys.stdin)
session = Session()
session.set_credentials("111111111111", "test")
config = Config(
    retries={"max_attempts": 0},
    s3={"addressing_style": "path"},
    parameter_validation=False,
    inject_host_prefix=False,
)
clients = {}
call_id = {}


def revive(value):
    if isinstance(value, list):
        return [revive(item) for item in value]
    if isinstance(value, dict):
        if "$bytes" in value:
            return base64.b64decode(value["$bytes"])
        if "$date" in value:
            return datetime.datetime.fromtimestamp(value["$date"], datetime.timezone.utc)
        return {key: revive(item) for key, item in value.items()}
    return value


def tagged(value):
    if isinstance(value, list):
        return [tagged(item) for item in value]
    if isinstance(value, dict):
        return {key: tagged(item) for key, item in value.items()}
    if isinstance(value, (bytes, bytearray)):
        return {"$bytes": base64.b64encode(value).decode()}
    if isinstance(value, datetime.datetime):
        return {"$date": value.timestamp()}
    if hasattr(value, "read"):
        return tagged(value.read())
    return value


def known(value, shape):
    """Drops members that the installed botocore, older or newer than the models, does not know."""
    if shape is None:
        return {}
    if shape.type_name == "structure" and isinstance(value, dict) and not getattr(shape, "is_document_type", False):
        return {key: known(item, shape.members[key]) for key, item in value.items() if key in shape.members}
    if shape.type_name == "list":
        return [known(item, shape.member) for item in value]
    if shape.type_name == "map":
        return {key: known(item, shape.value) for key, item in value.items()}
    return value


def as_parsed(value, shape):
    """What botocore makes of an output: S3's part markers, text in the SDK, are numbers here."""
    if shape is not None and shape.type_name == "structure" and isinstance(value, dict):
        return {key: as_parsed(item, shape.members.get(key)) for key, item in value.items()}
    if shape is not None and shape.type_name == "integer" and isinstance(value, str):
        return int(value)
    return value


def client_for(service, port):
    if service not in clients:
        clients[service] = session.create_client(
            service, region_name="eu-west-1", endpoint_url=f"http://127.0.0.1:{port}", config=config
        )
        clients[service].meta.events.register("before-call", lambda params, **_: params["headers"].update(call_id))
    return clients[service]


def method_name(client, operation):
    names = client.meta.method_to_api_mapping
    return next((name for name, api in names.items() if api == operation), None)


def knows_error(client, name):
    return name is None or name in client.meta.service_model.shape_names


def run(call):
    client = client_for(call["service"], plan["port"])
    method = method_name(client, call["operation"])
    if method is None or not knows_error(client, call.get("error")):
        return {"unknown": True}
    call_id["X-Call-Id"] = call["id"]
    model = client.meta.service_model.operation_model(call["operation"])
    sent = known(revive(call["input"]), model.input_shape)
    try:
        got = getattr(client, method)(**sent)
    except Exception as error:  # whatever it is, it is the outcome
        response = getattr(error, "response", {})
        return {"error": type(error).__name__, "message": str(error), "response": tagged(response)}
    got.pop("ResponseMetadata", None)
    expected = as_parsed(known(revive(call["output"]), model.output_shape), model.output_shape)
    return {"sent": tagged(sent), "expected": tagged(expected), "got": tagged(got)}


print(json.dumps({"botocore": __version__}), flush=True)
for call in plan["calls"]:
    print(json.dumps({"id": call["id"], **run(call)}), flush=True)
