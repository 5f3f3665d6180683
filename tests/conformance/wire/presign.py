"""Prints presigned URLs made by botocore, a JSON line each: {"name", "method", "url"}."""

import json

from botocore.config import Config
from botocore.session import Session

KEY = "a b/c+d%e é 日本"


def client(token=None, **config):
    session = Session()
    session.set_credentials("111111111111", "test", token)
    return session.create_client(
        "s3", region_name="eu-west-1", endpoint_url="http://127.0.0.1:4000", config=Config(**config)
    )


def show(name, made, operation, method, **params):
    url = made.generate_presigned_url(operation, Params={"Bucket": "bucket-1", "Key": KEY, **params}, ExpiresIn=600)
    print(json.dumps({"name": name, "method": method, "url": url}))


for version in ("s3", "s3v4"):
    for token in (None, "token/+="):
        made = client(token, signature_version=version)
        label = f"{version}{' with a session token' if token else ''}"
        show(f"get, {label}", made, "get_object", "GET")
        show(f"get of a version, {label}", made, "get_object", "GET", VersionId="v 1", ResponseContentType="text/plain")
        show(f"put, {label}", made, "put_object", "PUT")
        show(f"upload of a part, {label}", made, "upload_part", "PUT", PartNumber=1, UploadId="u/1")
show("get, the default of a custom endpoint", client(), "get_object", "GET")
