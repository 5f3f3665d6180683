"""Prints botocore's service models for the services named as arguments, as one JSON object by service."""

import json
import sys

import botocore
from botocore.loaders import Loader

loader = Loader()


def other_protocols():
    """Services that speak neither JSON nor the query protocol, by their names in botocore and in host names."""
    found = {}
    for name in loader.list_available_services("service-2"):
        metadata = loader.load_service_model(name, "service-2")["metadata"]
        if metadata["protocol"] in ("rest-xml", "ec2"):
            found[name] = found[metadata["endpointPrefix"]] = metadata["protocol"]
    return found


json.dump(
    {
        "version": botocore.__version__,
        "otherProtocols": other_protocols(),
        "models": {name: loader.load_service_model(name, "service-2") for name in sys.argv[1:]},
    },
    sys.stdout,
)
