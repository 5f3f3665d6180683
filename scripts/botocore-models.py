"""Prints botocore's service models for the services named as arguments, as one JSON object by service."""

import json
import sys

import botocore
from botocore.loaders import Loader

loader = Loader()
json.dump(
    {
        "version": botocore.__version__,
        "models": {name: loader.load_service_model(name, "service-2") for name in sys.argv[1:]},
    },
    sys.stdout,
)
