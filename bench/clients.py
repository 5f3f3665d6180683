"""Times everyday calls through boto3 against an endpoint; prints medians in milliseconds as JSON."""
import io
import json
import statistics
import sys
import time

import boto3
from botocore.config import Config

endpoint, only = sys.argv[1], sys.argv[2].split(",")
ACCOUNT = "111111111111"
settings = dict(
    endpoint_url=endpoint,
    region_name="us-east-1",
    aws_access_key_id=ACCOUNT,
    aws_secret_access_key="test",
    config=Config(retries={"max_attempts": 0}, s3={"addressing_style": "path"}),
)
sts = boto3.client("sts", **settings)
s3 = boto3.client("s3", **settings)
kms = boto3.client("kms", **settings)
iam = boto3.client("iam", **settings)
ssm = boto3.client("ssm", **settings)
cfn = boto3.client("cloudformation", **settings)


def median(call, times):
    for _ in range(3):
        call()
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        call()
        taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken)


def template(stack, value):
    def parameter(name):
        # Named, because moto answers with an HTML page to one without a name.
        properties = {"Name": f"/bench/{stack}/{name}", "Type": "String", "Value": value}
        return {"Type": "AWS::SSM::Parameter", "Properties": properties}

    return json.dumps({"Resources": {name: parameter(name) for name in ("A", "B", "C")}})


def wait_for_stack(name, wanted):
    while True:
        status = cfn.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]
        if status == wanted:
            return
        if "FAILED" in status or "ROLLBACK" in status:
            raise RuntimeError(f"{name} ended as {status}")


counter = iter(range(1_000_000))


def create_stack():
    name = f"bench-{next(counter)}"
    cfn.create_stack(StackName=name, TemplateBody=template(name, "1"))
    wait_for_stack(name, "CREATE_COMPLETE")
    return name


def change_set(name):
    value = str(next(counter))
    change = f"set-{value}"
    cfn.create_change_set(
        StackName=name, ChangeSetName=change, ChangeSetType="UPDATE", TemplateBody=template(name, value)
    )
    while cfn.describe_change_set(StackName=name, ChangeSetName=change)["Status"] != "CREATE_COMPLETE":
        pass
    cfn.execute_change_set(StackName=name, ChangeSetName=change)
    wait_for_stack(name, "UPDATE_COMPLETE")


def caller_with_role():
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "sts:AssumeRole"}
        ],
    }
    allow = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}],
    }
    iam.create_role(RoleName="bench", AssumeRolePolicyDocument=json.dumps(trust))
    iam.create_user(UserName="bench")
    iam.put_user_policy(UserName="bench", PolicyName="assume", PolicyDocument=json.dumps(allow))
    key = iam.create_access_key(UserName="bench")["AccessKey"]
    own = dict(settings, aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"])
    return boto3.client("sts", **own)


small, large = b"x" * 1024, b"x" * (10 * 1024 * 1024)
results = {}
if "GetCallerIdentity" in only:
    results["GetCallerIdentity"] = median(sts.get_caller_identity, 300)
if "AssumeRole" in only:
    user = caller_with_role() if "GenerateDataKey" in only else sts
    role = f"arn:aws:iam::{ACCOUNT}:role/bench"
    results["AssumeRole"] = median(lambda: user.assume_role(RoleArn=role, RoleSessionName="bench"), 300)
if "PutObject 1 KB" in only:
    s3.create_bucket(Bucket="bench-bucket")
    results["PutObject 1 KB"] = median(lambda: s3.put_object(Bucket="bench-bucket", Key="small", Body=small), 300)
    results["PutObject 10 MB"] = median(
        lambda: s3.put_object(Bucket="bench-bucket", Key="large", Body=io.BytesIO(large)), 15
    )
if "GetObject 1 KB" in only:
    results["GetObject 1 KB"] = median(
        lambda: s3.get_object(Bucket="bench-bucket", Key="small")["Body"].read(), 300
    )
    results["GetObject 10 MB"] = median(
        lambda: s3.get_object(Bucket="bench-bucket", Key="large")["Body"].read(), 15
    )
if "PutParameter" in only:
    results["PutParameter"] = median(
        lambda: ssm.put_parameter(Name="/bench", Value=str(next(counter)), Type="String", Overwrite=True), 300
    )
if "GenerateDataKey" in only:
    key_id = kms.create_key()["KeyMetadata"]["KeyId"]
    results["GenerateDataKey"] = median(lambda: kms.generate_data_key(KeyId=key_id, KeySpec="AES_256"), 300)
if "create-stack to COMPLETE" in only:
    results["create-stack to COMPLETE"] = median(create_stack, 40)
    stack = create_stack()
    results["change set create and execute"] = median(lambda: change_set(stack), 40)
print(json.dumps(results))
