"""A mail server for tests: aiosmtpd, told by lines of JSON on its input what to do, telling by lines on its output what happened.

A rule {"at": STAGE, "do": "hold" | "drop" | REPLY, "times": N, "to": ADDRESS?} is used up N times. Stages, in their order: connect, ehlo,
starttls, auth, mail, rcpt, data, end (the mail is there whole, and nothing was said to it), accepted (it was kept, and nothing was said to it).
"hold" waits for {"go": true}, "drop" cuts the connection, a REPLY is said instead.
"""

import asyncio
import base64
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

options = json.loads(sys.argv[1])
rules = []
go = None


def tell(**what):
    print(json.dumps(what), flush=True)


class Cut(Exception):
    pass


class Conversation(SMTP):
    async def gate(self, stage, to=None):
        tell(event="stage", stage=stage, to=to)
        for rule in rules:
            if rule["at"] == stage and rule["times"] > 0 and rule.get("to") in (None, to):
                rule["times"] -= 1
                if rule["do"] == "hold":
                    tell(event="held", stage=stage)
                    await go.wait()
                    return None
                if rule["do"] == "drop":
                    self.transport.abort()
                    raise asyncio.CancelledError()
                return rule["do"]
        return None

    async def said(self, stage, method, arg):
        reply = await self.gate(stage)
        if reply:
            await self.push(reply)
        else:
            await method(arg)

    async def _handle_client(self):
        reply = await self.gate("connect")
        if reply:
            await self.push(reply)
            self.transport.close()
            return
        await super()._handle_client()

    async def smtp_EHLO(self, arg):
        await self.said("ehlo", super().smtp_EHLO, arg)

    async def smtp_STARTTLS(self, arg):
        await self.said("starttls", super().smtp_STARTTLS, arg)

    async def smtp_AUTH(self, arg):
        await self.said("auth", super().smtp_AUTH, arg)

    async def smtp_MAIL(self, arg):
        await self.said("mail", super().smtp_MAIL, arg)

    async def smtp_DATA(self, arg):
        await self.said("data", super().smtp_DATA, arg)


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        reply = await server.gate("rcpt", address)
        if reply:
            return reply
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        to = envelope.rcpt_tos[0]
        reply = await server.gate("end", to)
        if reply:
            return reply
        tell(
            event="mail", sender=envelope.mail_from, to=to, tls=session.ssl is not None,
            user=session.auth_data, content=base64.b64encode(envelope.original_content).decode())
        return await server.gate("accepted", to) or "250 2.0.0 Kept"


def authenticate(server, session, envelope, mechanism, data):
    good = data.login.decode() == options["user"] and data.password.decode() == options["password"]
    return AuthResult(success=good, handled=False, auth_data=data.login.decode() if good else None)


def conversation():
    context = None
    if options.get("certificate") and not options.get("implicit"):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(options["certificate"])
    signed_in = options.get("user") is not None
    return Conversation(
        Handler(), hostname="mail.test", tls_context=context, require_starttls=context is not None, enable_SMTPUTF8=options.get("utf8", False),
        authenticator=authenticate if signed_in else None, auth_required=signed_in, auth_require_tls=not options.get("implicit", False), timeout=600,
        auth_exclude_mechanism=options.get("without"))


async def listen():
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        order = json.loads(line)
        if "at" in order:
            rules.append(order)
        elif order.get("go"):
            go.set()
            go.clear()
        elif order.get("forget"):
            rules.clear()
        tell(event="done")


async def main():
    global go
    go = asyncio.Event()
    wrapped = None
    if options.get("implicit"):
        wrapped = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        wrapped.load_cert_chain(options["certificate"])
    server = await asyncio.get_running_loop().create_server(conversation, "127.0.0.1", options.get("port", 0), ssl=wrapped)
    tell(event="listening", port=server.sockets[0].getsockname()[1])
    await listen()


asyncio.run(main())
