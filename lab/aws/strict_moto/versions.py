"""Buckets with versions and Object Lock, where moto 5.2.5 is not as S3 is.

It lists the common prefixes of keys that have been deleted, wants a checksum of the body that a copy does not have, and gives
Object Lock to new buckets only, as S3 did until 2023.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from moto.s3.exceptions import InvalidBucketState
from moto.s3.models import FakeDeleteMarker, S3Backend
from moto.s3.responses import S3Response
from werkzeug.datastructures import Headers


def keep_versions_as_aws_does() -> None:
    """From now on, in every bucket."""
    S3Backend.list_objects = _without_deleted(S3Backend.list_objects)
    S3Backend.put_object_lock_configuration = _put_object_lock_configuration
    S3Response._key_response_put = _with_checksum_of_copy(S3Response._key_response_put)


def _without_deleted(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def list_objects(self: S3Backend, bucket: Any, prefix: Any, delimiter: Any, marker: Any, max_keys: Any) -> Any:
        if delimiter:
            # It is asked for nothing but its keys.
            there = {name: key for name, key in bucket.keys.items() if not isinstance(key, FakeDeleteMarker)}
            bucket = SimpleNamespace(keys=there)
        return original(self, bucket, prefix, delimiter, marker, max_keys)

    return list_objects


def _put_object_lock_configuration(
    self: S3Backend,
    bucket_name: str,
    lock_enabled: bool,
    mode: str | None = None,
    days: int | None = None,
    years: int | None = None,
) -> None:
    bucket = self.get_bucket(bucket_name)
    if not bucket.is_versioned:
        raise InvalidBucketState("Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration")
    # There is no way back.
    bucket.object_lock_enabled = bucket.object_lock_enabled or lock_enabled
    bucket.default_lock_mode = mode
    bucket.default_lock_days = days
    bucket.default_lock_years = years


def _with_checksum_of_copy(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def put(self: S3Response, query: Any, key_name: str) -> Any:
        if "x-amz-copy-source" in self.headers:
            self.headers = Headers(self.headers)
            self.headers.setdefault("x-amz-sdk-checksum-algorithm", "CRC32")
        return original(self, query, key_name)

    return put
