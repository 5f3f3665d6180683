#!/usr/bin/env python3
"""Records what AWS's own SAM translator makes of the inputs in tests/cases/serverless (pip install aws-sam-translator).

Each case is JSON: `input` is a template, `parameters` the values of a stack, `output` what the translator made of it,
or `errors` what it said instead. The script fills in the last two; the tests compare our transform with them.
It also writes AWS's tables of policy templates, connectors and managed policies beside the transform.
"""
import copy
import glob
import json
import logging
import os
import sys

logging.disable(logging.CRITICAL)

import samtranslator
from samtranslator.public.exceptions import InvalidDocumentException
from samtranslator.translator import arn_generator
from samtranslator.translator.transform import transform

TABLES = os.path.join(os.path.dirname(__file__), "..", "src/template/transforms/serverless/serverless-data")
FOLDER = os.path.join(os.path.dirname(__file__), "..", "tests", "cases", "serverless")
# Names that inputs use; the service asks IAM for all of them.
MANAGED = {
    name: "arn:aws:iam::aws:policy/" + path
    for name, path in {
        "AmazonS3ReadOnlyAccess": "AmazonS3ReadOnlyAccess",
        "AWSXrayWriteOnlyAccess": "AWSXrayWriteOnlyAccess",
        "AWSLambdaBasicExecutionRole": "service-role/AWSLambdaBasicExecutionRole",
        "AWSLambdaRole": "service-role/AWSLambdaRole",
    }.items()
}


class ManagedPolicies:
    def load(self):
        return MANAGED


def record(case):
    os.environ["AWS_DEFAULT_REGION"] = case.get("region", "eu-central-1")
    # The translator remembers the first region it is asked for.
    for one in vars(arn_generator).values():
        if hasattr(one, "cache_clear"):
            one.cache_clear()
    try:
        output = transform(copy.deepcopy(case["input"]), dict(case.get("parameters", {})), ManagedPolicies())
        return {"output": output}
    except InvalidDocumentException as refusal:
        return {"errors": sorted(cause.message for cause in refusal.causes)}


def write_tables():
    package = os.path.dirname(samtranslator.__file__)
    def read(*path):
        with open(os.path.join(package, *path)) as file:
            return json.load(file)
    def write(name, lines):
        with open(os.path.join(TABLES, name + ".json"), "w") as file:
            compact = (f"{json.dumps(key)}:{json.dumps(value, separators=(',', ':'))}" for key, value in lines.items())
            file.write("{\n" + ",\n".join(compact) + "\n}\n")
    templates = read("policy_templates_data", "policy_templates.json")["Templates"]
    write("policy-templates", {
        name: {"parameters": list(one["Parameters"]), "document": one["Definition"]} for name, one in templates.items()
    })
    profiles = read("model", "connector_profiles", "profiles.json")
    write("connector-profiles", {
        source: {
            to: {key: value for key, value in one.items() if key != "_comment"} for to, one in profile.items()
        }
        for source, profile in profiles["Permissions"].items()
    })
    write("connector-resources", profiles["CfnResourceProperties"])
    managed = {}
    for name, arn in sorted(read("internal", "data", "aws_managed_policies.json")["aws"].items()):
        managed.setdefault(arn.split(":policy/")[1][: -len(name)], []).append(name)
    write("managed-policies", managed)


write_tables()
for path in sorted(sys.argv[1:] or glob.glob(os.path.join(FOLDER, "*.json"))):
    with open(path) as file:
        case = json.load(file)
    given = {key: case[key] for key in ("title", "region", "parameters", "input") if key in case}
    with open(path, "w") as file:
        json.dump({**given, **record(case)}, file, indent=1)
        file.write("\n")
