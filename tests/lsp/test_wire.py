"""The server as a process: how it reads, how it leaves, and what never leaves it."""

import json
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress

import pytest
from clients import SERVE

SECRETS = ("c2VjcmV0Y2FuYXJ5", "secretcanary", "Y2FuYXJ5dXNlcg==", "canaryuser", "bodycanary")
TALK = """\
S: 220 mx.example.net ESMTP
C: EHLO client.example.org
S: 250-mx.example.net
S: 250 AUTH PLAIN LOGIN
C: AUTH PLAIN c2VjcmV0Y2FuYXJ5
S: 535 5.7.8 Authentication failed
C: AUTH PLAIN
S: 334 Go on
C: c2VjcmV0Y2FuYXJ5
S: 535 5.7.8 Authentication failed
C: AUTH LOGIN
S: 334 VXNlcm5hbWU6
C: Y2FuYXJ5dXNlcg==
S: 334 UGFzc3dvcmQ6
C: c2VjcmV0Y2FuYXJ5
S: 235 2.7.0 Welcome
C: AUTH LOGIN Y2FuYXJ5dXNlcg==
S: 503 5.5.1 Again?
C: Y2FuYXJ5dXNlcg==
S: 500 5.5.2 What?
C: MAIL FROM:<alice@example.org>
S: 250 2.1.0 Ok
C: DATA
S: 503 5.5.1 No recipients
C: bodycanary
S: 500 5.5.2 What?
C: QUIT
S: 221 Bye
"""
URI = "file:///mail/talk.smtp"


def frame(message, header="Content-Length: {}\r\n\r\n"):
    body = json.dumps(message).encode()
    return header.format(len(body)).encode() + body


def request(number, method, params=None, **how):
    message = {"jsonrpc": "2.0", "id": number, "method": method}
    return frame(message if params is None else {**message, "params": params}, **how)


def notice(method, params=None, **how):
    message = {"jsonrpc": "2.0", "method": method}
    return frame(message if params is None else {**message, "params": params}, **how)


def initialize(**how):
    return request(1, "initialize", {"processId": None, "rootUri": None, "capabilities": {}}, **how)


def opened(text=TALK, **how):
    item = {"uri": URI, "languageId": "smtp", "version": 1, "text": text}
    return notice("textDocument/didOpen", {"textDocument": item}, **how)


def hover(number, line, column, **how):
    where = {"textDocument": {"uri": URI}, "position": {"line": line, "character": column}}
    return request(number, "textDocument/hover", where, **how)


def leave(number=99):
    return request(number, "shutdown") + notice("exit")


def unframed(data):
    """Return the messages in *data*, which must be frames and nothing else."""
    messages, at = [], 0
    header = re.compile(rb"Content-Length: (\d+)\r\n(?:Content-Type: [^\r\n]+\r\n)?\r\n")
    while at < len(data):
        found = header.match(data, at)
        assert found, data[at : at + 200]
        at = found.end() + int(found[1])
        messages.append(json.loads(data[found.end() : at]))
    return messages


def talk(sent, *, command=SERVE):
    """Send everything at once; return the exit status, the messages, and standard error."""
    done = subprocess.run(command, input=sent, capture_output=True, timeout=30, check=False)
    return done.returncode, unframed(done.stdout), done.stderr.decode()


@contextmanager
def running():
    """A server that has answered ``initialize``."""
    with subprocess.Popen(
        SERVE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        try:
            process.stdin.write(initialize())
            process.stdin.flush()
            assert process.stdout.readline().startswith(b"Content-Length")
            yield process
        finally:
            if process.poll() is None:
                process.kill()


def left_within(process, seconds):
    begun = time.monotonic()
    status = process.wait(30)
    assert time.monotonic() - begun < seconds
    return status


# -- leaving -----------------------------------------------------------------


def test_shutdown_and_exit():
    status, messages, errors = talk(initialize() + notice("initialized", {}) + opened() + leave())
    assert (status, errors) == (0, "")
    assert [each["id"] for each in messages if "id" in each] == [1, 99]
    (pushed,) = (each["params"] for each in messages if "method" in each)
    assert pushed["uri"] == URI
    assert pushed["version"] == 1


def test_exit_without_shutdown():
    status, messages, errors = talk(initialize() + opened() + notice("exit"))
    assert (status, errors) == (1, "")
    assert len(messages) == 2


def test_the_end_of_standard_input():
    with running() as process:
        process.stdin.close()
        assert left_within(process, 2) == 1
        assert process.stderr.read() == b""


def test_a_frame_that_breaks_off():
    status, messages, errors = talk(initialize() + opened()[:-20])
    assert (status, errors) == (1, "")
    assert len(messages) == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_signal(number):
    with running() as process:
        process.send_signal(number)
        assert left_within(process, 2) == -number
        assert process.stderr.read() == b""


def test_a_client_that_reads_no_more():
    with running() as process:
        process.stdout.close()
        for _ in range(3):
            try:
                process.stdin.write(opened())
                process.stdin.flush()
            except BrokenPipeError:
                break
            time.sleep(0.05)
        with suppress(BrokenPipeError):
            process.stdin.close()
        left_within(process, 2)
        errors = process.stderr.read().decode()
        assert "Traceback" not in errors
        assert not [secret for secret in SECRETS if secret in errors]


# -- reading -----------------------------------------------------------------


def test_headers_in_every_spelling():
    spellings = (
        "content-length: {}\r\n\r\n",
        "Content-Length:{}\r\n\r\n",
        "CONTENT-LENGTH :  {} \r\n\r\n",
        "Content-Type: application/vscode-jsonrpc; charset=utf-8\r\nContent-Length: {}\r\n\r\n",
        "Content-Length: {}\r\nContent-Type: x\r\n\r\n",
        "Content-Length: {}\n\n",
        "X: y\r\n\r\n\r\n\r\nContent-Length: {}\r\n\r\n",
        "Content-Length: -5\r\n\r\nContent-Length: {}\r\n\r\n",
        "Content-Length: many\r\n\r\nContent-Length: {}\r\n\r\n",
        "Content-Length: 0\r\n\r\nContent-Length: {}\r\n\r\n",
        "Content-Length: 99999999999999999999999\r\n\r\nContent-Length: {}\r\n\r\n",
        "no colon here\r\nContent-Length: {}\r\n\r\n",
    )
    sent = initialize(header=spellings[0]) + opened(header=spellings[1])
    for number, header in enumerate(spellings):
        sent += hover(10 + number, 3, 4, header=header)
    status, messages, errors = talk(sent + leave())
    assert (status, errors) == (0, "")
    answers = {each["id"]: each["result"] for each in messages if "id" in each}
    assert list(answers) == [1, *range(10, 10 + len(spellings)), 99]
    shown = [answers[10 + number]["contents"]["value"] for number in range(len(spellings))]
    assert len(set(shown)) == 1


def test_a_length_beyond_reason():
    """It takes no memory, and the server waits for what was announced until the end."""
    with running() as process:
        process.stdin.write(b"Content-Length: 999999999999\r\n\r\n" + hover(2, 3, 4))
        process.stdin.flush()
        time.sleep(0.2)
        assert process.poll() is None
        if sys.platform == "linux":
            with open(f"/proc/{process.pid}/status") as status:
                (peak,) = (line.split()[1] for line in status if line.startswith("VmHWM"))
            assert int(peak) < 200_000
        process.stdin.close()
        assert left_within(process, 2) == 1
        assert process.stderr.read() == b""


def test_nonsense_between_requests():
    """Whatever comes is survived, and is not quoted on standard error."""
    secret = {"secretcanary": "secretcanary"}
    document = {"uri": "file:///secretcanary", "languageId": "x", "version": 1, "text": ""}
    bad = (
        b"Content-Length: 9\r\n\r\n{secretca",
        b"Content-Length: 2\r\n\r\n\xff\xfe",
        frame([1, 2]),
        frame(3),
        frame(secret),
        request(5, "secretcanary/none", {}),
        request(6, "textDocument/hover", "secretcanary"),
        request(7, "workspace/executeCommand", {"command": "secretcanary"}),
        hover(8, 2**40, 2**40),
        hover(9, -1, -1),
        notice("textDocument/didChange", secret),
        notice(
            "textDocument/didChange",
            {"textDocument": document, "contentChanges": [{"text": "secretcanary"}]},
        ),
        notice("textDocument/didOpen", {"textDocument": {**document, "version": "secretcanary"}}),
        notice("textDocument/didClose", {"textDocument": document}),
        notice("$/cancelRequest", {"id": 12345}),
        notice("$/setTrace", {"value": "verbose"}),
    )
    sent = initialize() + opened() + b"".join(bad) + hover(50, 3, 4)
    status, messages, errors = talk(sent + leave())
    assert status == 0
    answers = {each["id"]: each for each in messages if "id" in each}
    assert answers[50]["result"]["contents"]["value"].startswith("### 250")
    assert answers[5]["error"]["code"] == -32601
    assert "error" in answers[7]
    assert 99 in answers
    assert "canary" not in errors
    assert "Traceback" not in errors


# -- what never leaves it ----------------------------------------------------


def test_secrets_stay_where_they_are():
    """At no place of a session with AUTH does a hover, a diagnostic or a fix quote it.

    The user name is no secret: hover on the mechanism shows it.
    """
    lines = TALK.splitlines()
    sent, number = initialize() + opened(), 100
    for line, text in enumerate(lines):
        for column in range(len(text) + 1):
            sent += hover(number, line, column)
            number += 1
    everything = {"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}}
    sent += request(
        number,
        "textDocument/codeAction",
        {"textDocument": {"uri": URI}, "range": everything, "context": {"diagnostics": []}},
    )
    status, messages, errors = talk(sent + leave(9))
    assert (status, errors) == (0, "")
    assert len(messages) == number - 100 + 4
    said = json.dumps(messages).lower()
    assert said.count("### ") > 100
    assert not [secret for secret in SECRETS[:3] if secret.lower() in said]


FAILING = """
import sys
from smtp_lsp.features import hover
def fail(analysis, offset):
    print("printed")
    raise ValueError("secretcanary " + str(analysis.source.data))
hover.hover = fail
from smtp_lsp.lsp.main import serve
sys.exit(serve())
"""


def test_a_bug_of_ours_tells_where_and_not_what():
    """Nor does what somebody prints get between the frames."""
    sent = initialize() + opened() + hover(2, 0, 0) + request(3, "shutdown") + notice("exit")
    status, messages, errors = talk(sent, command=[sys.executable, "-c", FAILING])
    assert status == 0
    assert [each.get("id") for each in messages] == [1, None, 2, 3]
    assert "error" in messages[2]
    assert "printed" in errors
    assert re.search(r'smtp-lsp: ValueError in File ".*", line \d+, in fail', errors)
    assert "Traceback" not in errors
    assert not [secret for secret in SECRETS if secret in errors]


# -- over TCP ----------------------------------------------------------------


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def listening(host="127.0.0.1"):
    """A server that waits for its client, and the client's connection."""
    port = free_port()
    command = [*SERVE, "--tcp", f"{host}:{port}"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        try:
            for _ in range(200):
                try:
                    connection = socket.create_connection((host, port), 10)
                    break
                except ConnectionRefusedError:
                    assert process.poll() is None
                    time.sleep(0.05)
            with connection:
                yield process, connection, port
        finally:
            if process.poll() is None:
                process.kill()


def everything_from(connection):
    parts = []
    while part := connection.recv(65536):
        parts.append(part)
    return unframed(b"".join(parts))


def test_tcp_serves_one_client():
    with listening() as (process, connection, port):
        connection.sendall(initialize(header="content-length:{}\r\n\r\n"))
        assert connection.recv(14, socket.MSG_PEEK) == b"Content-Length"
        # Nobody else gets in, and so nobody else gets the answers.
        with pytest.raises(OSError, match="refused"):
            socket.create_connection(("127.0.0.1", port), 10)
        connection.sendall(opened() + hover(2, 3, 4) + leave())
        messages = everything_from(connection)
        assert [each.get("id") for each in messages] == [1, None, 2, 99]
        assert left_within(process, 2) == 0
        assert process.stdout.read() == b""
        assert process.stderr.read() == b""


def test_tcp_ends_with_its_client():
    with listening() as (process, connection, _):
        connection.sendall(initialize() + opened())
        connection.shutdown(socket.SHUT_WR)
        assert len(everything_from(connection)) == 2
        assert left_within(process, 2) == 1
        assert process.stderr.read() == b""


def test_tcp_where_nothing_can_listen():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        for address, status in ((f"127.0.0.1:{port}", 2), ("127.0.0.1", 2), ("127.0.0.1:x", 2)):
            done = subprocess.run(
                [*SERVE, "--tcp", address], capture_output=True, timeout=30, check=False
            )
            assert done.returncode == status
            assert done.stdout == b""
            assert done.stderr.decode().count("\n") == 1
