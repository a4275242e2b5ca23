"""Calls one AWS API operation by Python's SDK: `call-aws.py SERVICE OPERATION`, parameters as JSON on standard input.

Prints the answer as JSON, or {"error": {"name", "message"}} where AWS refused.
"""

import json
import sys

import boto3
from botocore.exceptions import ClientError

service, operation = sys.argv[1:]
try:
    answer = getattr(boto3.client(service), operation)(**json.load(sys.stdin))
    answer.pop("ResponseMetadata", None)
except ClientError as error:
    answer = {"error": {"name": error.response["Error"]["Code"], "message": error.response["Error"]["Message"]}}
print(json.dumps(answer, default=str))
