"""smtp_server.py - a real SMTP server (Debian: python3-aiosmtpd) that also refuses and falls silent.

Prints its port; writes what it took as one line of JSON each, read by Python's own mail parser,
into the file given. The local part of the address says what shall happen:
  none@ 550 and busy@ 451 at RCPT, spam@ 554 and later@ 451 (once) after the last dot, silent@ takes
  the mail and closes without an answer, cut@ closes at DATA, before a line of the mail.
"""
import asyncio
import email
import email.policy
import json
import sys

from aiosmtpd.smtp import SMTP

out, seen = open(sys.argv[1], "a", encoding="utf-8"), set()


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        answer = {"none": "550 5.1.1 no such user", "busy": "451 4.3.0 try later"}.get(address.split("@")[0])
        if answer is None:
            envelope.rcpt_tos.append(address)
            answer = "250 OK"
        return answer

    async def handle_DATA(self, server, session, envelope):
        who = envelope.rcpt_tos[0].split("@")[0]
        if who == "spam":
            return "554 5.7.1 not wanted"
        if who == "later" and who not in seen:
            seen.add(who)
            return "451 4.7.1 come back"
        m = email.message_from_bytes(envelope.content, policy=email.policy.default)
        lines = envelope.content.split(b"\r\n")
        json.dump({"to": envelope.rcpt_tos, "from": envelope.mail_from, "header_to": str(m["to"]),
                   "subject": str(m["subject"]), "id": str(m["message-id"]), "date": str(m["date"].datetime),
                   "sender": str(m["from"]), "auto": str(m["auto-submitted"]), "body": m.get_content(),
                   "defects": len(m.defects) + sum(len(h.defects) for h in m.values() if hasattr(h, "defects")),
                   "longest": max(len(line) for line in lines), "bare": envelope.content.count(b"\n") - len(lines) + 1,
                   }, out, ensure_ascii=False)
        out.write("\n")
        out.flush()
        if who == "silent":
            server.transport.abort()
        return "250 OK"


class Server(SMTP):
    async def smtp_DATA(self, arg):
        if self.envelope.rcpt_tos and self.envelope.rcpt_tos[0].startswith("cut@"):
            self.transport.abort()
            return
        await super().smtp_DATA(arg)


async def main():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Server(Handler(), hostname="smtp.test"), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.sleep(3600)


asyncio.run(main())
