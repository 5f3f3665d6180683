"""Calls services with botocore, one after the other, and prints what each was answered with: a JSON object."""

import json
import sys

from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.session import Session

endpoint, key, *calls = sys.argv[1:]
session = Session()
session.set_credentials(key, "test")
config = Config(retries={"max_attempts": 0})
answers = {}
for call in calls:
    service, method, arguments = call.split(":", 2)
    client = session.create_client(service, "us-east-1", endpoint_url=endpoint, config=config)
    try:
        getattr(client, method)(**json.loads(arguments))
        answers[service] = {"code": "none"}
    except ClientError as error:
        answers[service] = {
            "code": error.response["Error"]["Code"],
            "message": error.response["Error"]["Message"],
            "status": error.response["ResponseMetadata"]["HTTPStatusCode"],
        }
    except Exception as error:
        answers[service] = {"code": type(error).__name__, "message": str(error)}
json.dump(answers, sys.stdout)
