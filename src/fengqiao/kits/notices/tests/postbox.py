"""A mail server on this machine that keeps what it is given, and refuses, stalls or hangs up when told to."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message
from email.policy import default


class Postbox(socketserver.ThreadingTCPServer):
    """Answers by SMTP; ``refuses`` maps a receiver to what is said instead, ``data`` is the answer to a whole message."""

    allow_reuse_address = daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Clerk)
        self.got: list[Message] = []
        self.refuses: dict[str, str] = {}
        self.data = ["250 kept"]
        self.greets = "220 postbox"

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class Clerk(socketserver.StreamRequestHandler):
    server: Postbox

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")

    def handle(self) -> None:
        self.say(self.server.greets)
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"RCPT":
                self.say(self.server.refuses.get(line.partition(b"<")[2].partition(b">")[0].decode(), "250 ok"))
            elif verb == b"DATA":
                self.say("354 go on")
                if not self.take():
                    return
            elif verb == b"QUIT":
                return self.say("221 bye")
            else:
                self.say("250 ok")

    def take(self) -> bool:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        self.server.got.append(message_from_bytes(b"".join(lines), policy=default))
        answer = self.server.data.pop(0) if len(self.server.data) > 1 else self.server.data[0]
        if not answer:  # taken, and gone before it was said
            return False
        self.say(answer)
        return True


@contextmanager
def open_postbox() -> Iterator[Postbox]:
    """Run one for as long as it is needed."""
    server = Postbox()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()
