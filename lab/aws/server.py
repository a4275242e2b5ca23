"""AWS as far as Holdfast meets it: S3, IAM, STS and EKS by moto with IAM enforced, and EKS Pod Identity beside them.

Serves by TLS what AWS SDKs call and the admission webhook, and by plain http the agent that pods ask for credentials.
Everything is kept in memory: a restart begins with nothing but the administrator and the cluster.
"""

from __future__ import annotations

import argparse
import logging
import os
import resource
import signal
import ssl
import sys
import threading
import uuid
from pathlib import Path

# Beside these files there is a repository, not a cache.
sys.dont_write_bytecode = True

# Without it, whoever sends the header x-moto-account-id chooses the account.
ACCOUNT_ID = "123456789012"
os.environ["MOTO_ACCOUNT_ID"] = ACCOUNT_ID

from administrator import create_administrator  # noqa: E402
from front import Front  # noqa: E402
from listening import Address, listen  # noqa: E402
from moto.eks.models import eks_backends  # noqa: E402
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app  # noqa: E402
from pod_identity.agent import Agent  # noqa: E402
from pod_identity.associations import Associations  # noqa: E402
from pod_identity.auth import EksAuth  # noqa: E402
from pod_identity.eks_api import serve_associations  # noqa: E402
from pod_identity.tokens import TokenReviewer  # noqa: E402
from pod_identity.webhook import Webhook  # noqa: E402
from strict_moto.authorization import authorize_as_aws_does  # noqa: E402
from strict_moto.encryption import hide_digests_as_aws_does  # noqa: E402
from strict_moto.expiry import enforce_expiry  # noqa: E402
from strict_moto.versions import keep_versions_as_aws_does  # noqa: E402


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--listen", type=Address.parse, required=True, help="address:port of the AWS API, served by TLS")
    parser.add_argument("--certificate", type=Path, required=True, help="PEM file with the certificate chain")
    parser.add_argument("--private-key", type=Path, required=True, help="PEM file with the certificate's key")
    parser.add_argument("--agent", type=Address.parse, required=True, help="address:port of the Pod Identity agent")
    parser.add_argument("--kubeconfig", type=Path, required=True, help="how to ask the API server whose a token is")
    parser.add_argument("--cluster-name", required=True, help="the EKS cluster that this Kubernetes passes for")
    parser.add_argument("--region", required=True, help="AWS region of the cluster")
    parser.add_argument("--admin-credentials", type=Path, required=True, help="JSON file for the administrator's key")
    parser.add_argument("--credentials-seconds", type=int, default=900, help="for how long a pod's credentials are good")
    return parser.parse_args()


def assemble(arguments: argparse.Namespace) -> tuple[Front, Agent]:
    """Sets up moto, its stricter parts and Pod Identity; gives the applications to serve."""
    associations = Associations(region=arguments.region, account_id=ACCOUNT_ID)
    authorize_as_aws_does()
    enforce_expiry()
    keep_versions_as_aws_does()
    hide_digests_as_aws_does()
    serve_associations(associations)
    create_administrator(arguments.admin_credentials, account_id=ACCOUNT_ID)
    eks_backends[ACCOUNT_ID][arguments.region].create_cluster(
        name=arguments.cluster_name,
        role_arn=f"arn:aws:iam::{ACCOUNT_ID}:role/{arguments.cluster_name}",
        resources_vpc_config={"subnetIds": []},
        version="1.34",
    )
    auth = EksAuth(
        associations=associations,
        review=TokenReviewer(arguments.kubeconfig).review,
        cluster_name=arguments.cluster_name,
        region=arguments.region,
        account_id=ACCOUNT_ID,
        seconds=arguments.credentials_seconds,
    )
    front = Front(
        moto=DomainDispatcherApplication(create_backend_app),
        auth=auth,
        webhook=Webhook(associations, arguments.cluster_name, arguments.region),
        instance=str(uuid.uuid4()),
    )
    return front, Agent(auth)


def main() -> None:
    arguments = parse_arguments()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr)
    # One line a request, written by werkzeug, would cost more than the request.
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    raise_open_files()
    front, agent = assemble(arguments)

    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(arguments.certificate, arguments.private_key)
    servers = [listen(arguments.listen, front, tls), listen(arguments.agent, agent, None)]
    threads = [threading.Thread(target=server.serve_forever, daemon=True) for server in servers]
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    for thread in threads:
        thread.start()
    logging.info("AWS at https://%s, Pod Identity agent at http://%s", arguments.listen, arguments.agent)
    stopped.wait()
    for server in servers:
        server.shutdown()


def raise_open_files() -> None:
    """Every object above 16 MiB is an open temporary file in moto."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


if __name__ == "__main__":
    try:
        main()
    except OSError as error:
        sys.exit(f"aws stand-in: {error}")
