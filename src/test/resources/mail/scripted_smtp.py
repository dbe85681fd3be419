"""An SMTP server that answers by a recipient's local part, such as rcpt-451 or data-554.

Arguments: port, certificate, key, folder. Writes each mail that it accepts to the folder "mails" in it, and each
command to the file "commands". While there is a file "strip", it does not offer STARTTLS. To mails for "hang" it says
nothing until there is a file "release"; then it closes the connection. It accepts mails for "drop", but the first time
it closes the connection instead of saying so.
"""
import asyncio
import ssl
import sys
import uuid
from pathlib import Path

from aiosmtpd.smtp import SMTP

port, certificate, key, folder = int(sys.argv[1]), sys.argv[2], sys.argv[3], Path(sys.argv[4])
texts = {"421": "4.3.2 closing", "451": "4.7.1 later", "550": "5.1.1 nobody", "554": "5.7.1 no"}


class Script:
    has_dropped = False

    def log(self, command):
        with open(folder / "commands", "a") as commands:
            commands.write(command + "\n")

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        session.host_name = hostname
        if (folder / "strip").exists():
            self.log("EHLO stripped")
            return [line for line in responses if "STARTTLS" not in line]
        return responses

    async def handle_MAIL(self, server, session, envelope, address, options):
        self.log("MAIL " + ("with TLS" if session.ssl else "in plain text"))
        envelope.mail_from = address
        return "250 ok"

    async def handle_RCPT(self, server, session, envelope, address, options):
        stage, _, code = address.partition("@")[0].partition("-")
        if stage == "rcpt":
            return f"{code} {texts[code]}"
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server, session, envelope):
        stage, _, code = envelope.rcpt_tos[0].partition("@")[0].partition("-")
        self.log("DATA " + stage)
        if stage == "data":
            return f"{code} {texts[code]}"
        if stage == "hang":
            while not (folder / "release").exists():
                await asyncio.sleep(0.05)
            server.transport.abort()
            return "421 released"
        name = str(uuid.uuid4())
        (folder / name).write_bytes(envelope.original_content)
        (folder / name).rename(folder / "mails" / name)
        if stage == "drop" and not Script.has_dropped:
            Script.has_dropped = True
            server.transport.abort()
        return "250 taken"


async def serve():
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    (folder / "mails").mkdir()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(Script(), hostname="localhost", tls_context=context, loop=loop), "127.0.0.1", port)
    await server.serve_forever()


asyncio.run(serve())
