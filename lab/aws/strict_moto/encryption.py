"""What KMS encrypts has an ETag that is no MD5 of its contents, though it looks like one. In moto 5.2.5 it is one."""

from __future__ import annotations

import hashlib

from moto.s3.models import FakeKey


def hide_digests_as_aws_does() -> None:
    """From now on, for every object and every part of one."""
    FakeKey.etag = _without_digest(FakeKey.etag)


def _without_digest(original: property) -> property:
    def etag(self: FakeKey) -> str:
        known = original.fget(self)
        if self.encryption != "aws:kms":
            return known
        digest, dash, parts = known.strip('"').partition("-")
        return f'"{hashlib.md5(f"{self.kms_key_id} {digest}".encode()).hexdigest()}{dash}{parts}"'

    return property(etag)
