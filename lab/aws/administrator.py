"""The one IAM user: who prepares the account, as a person would on AWS."""

from __future__ import annotations

import json
import os
from pathlib import Path

from moto.iam.models import iam_backends

NAME = "administrator"

POLICY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


def create_administrator(file: Path, account_id: str) -> None:
    """Makes the user. Its key is what `file` holds, so that a restart changes nothing for others, or is written there."""
    backend = iam_backends[account_id]["aws"]
    backend.create_user("aws", NAME)
    backend.put_user_policy(NAME, "AdministratorAccess", json.dumps(POLICY))
    key = backend.create_access_key(NAME)
    kept = _read(file)
    if kept is None:
        _write(file, key.access_key_id, key.secret_access_key)
    else:
        del backend.access_keys[key.physical_resource_id]
        key.access_key_id, key.secret_access_key = kept
        backend.access_keys[key.physical_resource_id] = key


def _read(file: Path) -> tuple[str, str] | None:
    try:
        content = json.loads(file.read_text())
        return str(content["accessKeyId"]), str(content["secretAccessKey"])
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


def _write(file: Path, access_key_id: str, secret_access_key: str) -> None:
    part = file.with_name(f"{file.name}.part")
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as stream:
        json.dump({"accessKeyId": access_key_id, "secretAccessKey": secret_access_key}, stream)
    part.rename(file)
