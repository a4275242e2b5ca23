"""Calls AWS APIs by Python's SDK: one call a line on standard input, one answer a line on standard output.

A call is {"service", "operation", "parameters", "keys"} in JSON, an answer {"answer"} or {"error": {"name", "message"}}.
"""

import functools
import json
import sys

import boto3
from botocore.exceptions import ClientError


@functools.cache
def client(service: str, access_key_id: str, secret_access_key: str, session_token: str | None):
    return boto3.client(
        service,
        aws_access_key_id=access_key_id,
        aws_secret_access_key=secret_access_key,
        aws_session_token=session_token,
    )


def answer(call: dict) -> dict:
    keys = call["keys"]
    caller = client(call["service"], keys["accessKeyId"], keys["secretAccessKey"], keys.get("sessionToken"))
    try:
        result = getattr(caller, call["operation"])(**call["parameters"])
    except ClientError as error:
        return {"error": {"name": error.response["Error"]["Code"], "message": error.response["Error"]["Message"]}}
    except Exception as error:  # told to whoever called, whose process this is not
        return {"error": {"name": type(error).__name__, "message": str(error)}}
    result.pop("ResponseMetadata", None)
    return {"answer": result}


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line)), default=str), flush=True)
