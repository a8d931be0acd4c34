"""aiosmtpd at the port PORT, with the certificate that lies in CACHE."""

import asyncio
import os
import signal
import ssl

from aiosmtpd.smtp import SMTP, AuthResult


class Handler:
    """Takes mail for example.org, of which nobody@ is unknown, and drops it."""

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if not address.lower().endswith("@example.org"):
            return "550 5.7.1 relay not permitted"
        if address.startswith("nobody@"):
            return "550 5.1.1 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        return "250 OK"


def authenticate(server, session, envelope, mechanism, data):
    """Let in the one user that there is."""
    known = (data.login, data.password) == (b"user@example.org", b"pass")
    return AuthResult(success=known, handled=known)


async def main():
    """Serve until a signal says otherwise."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    folder = os.environ["CACHE"] + "/tls"
    tls.load_cert_chain(folder + "/cert.pem", folder + "/key.pem")
    loop = asyncio.get_running_loop()
    await loop.create_server(
        lambda: SMTP(
            Handler(),
            hostname="mta.example.org",
            tls_context=tls,
            authenticator=authenticate,
            data_size_limit=10485760,
            enable_SMTPUTF8=True,
            loop=loop,
        ),
        "127.0.0.1",
        int(os.environ["PORT"]),
        backlog=100,
    )
    stop = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    await stop.wait()


asyncio.run(main())
