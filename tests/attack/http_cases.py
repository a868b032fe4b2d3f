"""Malformed requests over a real socket: each whole, cut at every byte, and with a request smuggled behind.

A case is (name, bytes, statuses that are right). After a refusal of framing the connection must close and what
follows must not be answered. Rules: RFC 9112, RFC 9110, http-stack.md section 7.
"""
import concurrent.futures
import socket
import sys

GET = b"GET /livez HTTP/1.1\r\nHost: x\r\n"
POST = b"POST /livez HTTP/1.1\r\nHost: x\r\n"
# A page that reads its body.
CHUNKED = b"POST /dang-xuat HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n"
SMUGGLED = b"GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
BAD = {400}
CONTROLS = [c for c in range(0x21) if c not in (0x0A, 0x0D, 0x09, 0x20)] + [0x7F]


def line(text):
    return text + b"\r\nHost: x\r\n\r\n"


def framing():
    hello = b"hello"
    for name, value in {
        "plus": b"+5", "minus": b"-5", "hex": b"0x5", "dot": b"5.0", "blank inside": b"1 0", "empty": b"", "letters": b"abc",
        "list": b"5, 5", "2^64+5": b"18446744073709551621", "19 digits": b"1000000000000000000", "exponent": b"5e0",
        "quoted": b'"5"', "vertical tab": b"\v5", "no-break space": b"\xa05", "semicolon": b"5;", "comma": b"5,",
        "octal mark": b"0o5", "underscore": b"1_0", "NUL after": b"5\0", "Arabic digit": "٥".encode(), "full width": "５".encode(),
    }.items():
        yield f"length: {name}", POST + b"Content-Length: " + value + b"\r\n\r\n" + hello, BAD
    for name, value in {
        "xchunked": b"xchunked", "gzip": b"gzip", "identity": b"identity", "chunked, identity": b"chunked, identity",
        "chunked, chunked": b"chunked, chunked", "parameter": b"chunked;q=1", "empty": b"", "quoted": b'"chunked"', "comma": b",",
        "chunked,": b"chunked,", "upper and blank": b"CHUNKED x", "NUL": b"chunked\0", "vertical tab": b"\vchunked",
        "form feed": b"chunked\f", "no-break space": b"\xa0chunked", "gzip, chunked": b"gzip, chunked", "deflate": b"deflate",
        "trailers": b"trailers", "chunke": b"chunke", "chunkedd": b"chunkedd",
    }.items():
        yield f"coding: {name}", POST + b"Transfer-Encoding: " + value + b"\r\n\r\n0\r\n\r\n", {400, 501}
    yield "two lengths", POST + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello", BAD
    yield "two equal lengths", POST + b"Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello", BAD
    yield "length and coding", POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", BAD
    yield "coding and length", POST + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", BAD
    yield "two codings", POST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", BAD
    yield "coding in 1.0", b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", BAD
    yield "folded coding", POST + b"Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n", BAD
    yield "coding after bare LF", POST + b"A: b\nTransfer-Encoding: chunked\r\n\r\n", BAD
    for name in (b"Content-Length", b"Transfer-Encoding", b"Host"):
        for mark, sep in {"space": b" :", "tab": b"\t:", "NUL": b"\0:", "none": b""}.items():
            yield f"{mark} before colon of {name.decode()}", b"POST / HTTP/1.1\r\n" + name + sep + b" 5\r\nHost: x\r\n\r\nhello", BAD


def lines():
    for c in CONTROLS:
        b = bytes([c])
        yield f"control {c:#x} in a name", GET + b"A" + b + b"B: c\r\n\r\n", BAD
        yield f"control {c:#x} in a value", GET + b"A: b" + b + b"c\r\n\r\n", BAD
        yield f"control {c:#x} in the target", line(b"GET /a" + b + b" HTTP/1.1"), BAD
        yield f"control {c:#x} in the method", line(b"G" + b + b"T / HTTP/1.1"), BAD
    for c in b'()<>@,;\\"/[]?={} \t':
        yield f"delimiter {chr(c)!r} in a name", GET + b"A" + bytes([c]) + b"B: c\r\n\r\n", BAD
    yield "bare LF after the request line", b"GET / HTTP/1.1\nHost: x\r\n\r\n", BAD
    yield "bare LF after a header", b"GET / HTTP/1.1\r\nHost: x\n\r\n", BAD
    yield "bare LF at the end", GET + b"\n", BAD
    yield "all bare LF", b"GET / HTTP/1.1\nHost: x\n\n", BAD
    yield "bare CR in a value", GET + b"A: b\rc\r\n\r\n", BAD
    yield "CR CR LF", GET + b"A: b\r\r\n\r\n", BAD
    yield "folded value", GET + b"A: b\r\n c\r\n\r\n", BAD
    yield "folded by a tab", GET + b"A: b\r\n\tc\r\n\r\n", BAD
    yield "space before the first header", b"GET / HTTP/1.1\r\n Host: x\r\n\r\n", BAD
    yield "no colon", GET + b"abc\r\n\r\n", BAD
    yield "empty name", GET + b": x\r\n\r\n", BAD
    yield "UTF-8 in a name", GET + "Tên: c\r\n\r\n".encode(), BAD
    yield "two blank lines first", b"\r\n\r\n" + GET + b"\r\n", BAD
    yield "a blank first", b" " + GET + b"\r\n", BAD
    yield "a TLS greeting", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", BAD
    yield "an SSH greeting", b"SSH-2.0-OpenSSH_9\r\n", BAD
    yield "an SMTP greeting", b"EHLO x\r\n\r\n", BAD
    yield "a redis command", b"*1\r\n$4\r\nPING\r\n", BAD
    yield "HTTP/2 preface", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {400, 505}


def request_lines():
    for name, text in {
        "no version": b"GET /", "no target": b"GET  HTTP/1.1", "only a method": b"GET", "two blanks": b"GET /  HTTP/1.1",
        "tabs": b"GET\t/\tHTTP/1.1", "blank at the end": b"GET / HTTP/1.1 ", "blank in the target": b"GET /a b HTTP/1.1",
        "lower case version": b"GET / http/1.1", "version 1.": b"GET / HTTP/1.", "version 1.10": b"GET / HTTP/1.10",
        "version 11.1": b"GET / HTTP/11.1", "version +1.1": b"GET / HTTP/+1.1", "no slash": b"GET / HTTP1.1",
        "HTTPS": b"GET / HTTPS/1.1", "a fragment": b"GET /a#b HTTP/1.1", "a quote": b'GET /a"b HTTP/1.1',
        "an angle": b"GET /?<a> HTTP/1.1", "UTF-8": "GET /hồ-sơ HTTP/1.1".encode(), "backslash": b"GET /a\\b HTTP/1.1",
        "half a percent": b"GET /%4 HTTP/1.1", "percent, no hex": b"GET /%zz HTTP/1.1", "relative": b"GET abc HTTP/1.1",
        "asterisk": b"GET * HTTP/1.1", "ftp": b"GET ftp://x/ HTTP/1.1", "user": b"GET http://u@x/ HTTP/1.1",
        "empty authority": b"GET http:/// HTTP/1.1", "colon in the method": b"GET: / HTTP/1.1",
        "a smuggled line": b"GET / HTTP/1.1\rX: y HTTP/1.1", "high bytes": b"GET /\xff\xfe HTTP/1.1",
    }.items():
        yield f"request line: {name}", line(text), BAD
    for v in (b"2.0", b"0.9", b"3.0", b"9.9"):
        yield f"version {v.decode()}", line(b"GET / HTTP/" + v), {505}
    yield "CONNECT", line(b"CONNECT x:443 HTTP/1.1"), {501, 405}
    yield "TRACE", line(b"TRACE / HTTP/1.1\r\nConnection: close"), {501, 405}
    for name, value in {
        "empty": b"", "path": b"x/y", "user": b"a@b", "list": b"a, b", "port": b"x:99999", "letters": b"x:y", "half bracket": b"[::1",
        "blank": b"a b", "quote": b'a"b', "percent": b"a%00b", "angle": b"<x>", "question": b"x?y", "hash": b"x#y",
        "backslash": b"x\\y", "control": b"x\x01", "UTF-8": "tỉnh".encode(), "double port": b"x:1:2", "bracket": b"[x]",
    }.items():
        yield f"Host: {name}", b"GET / HTTP/1.1\r\nHost:" + value + b"\r\n\r\n", BAD
    yield "no Host", b"GET / HTTP/1.1\r\n\r\n", BAD
    yield "two Host", GET + b"Host: y\r\n\r\n", BAD
    yield "two equal Host", GET + b"Host: x\r\n\r\n", BAD
    yield "other expectation", POST + b"Expect: tea\r\nContent-Length: 1\r\n\r\na", {417}


def chunks():
    for name, body in {
        "no size": b"\r\n", "plus": b"+5\r\nhello\r\n0\r\n\r\n", "minus": b"-5\r\nhello\r\n0\r\n\r\n", "0x": b"0x5\r\nhello\r\n0\r\n\r\n",
        "blank first": b" 5\r\nhello\r\n0\r\n\r\n", "blank after": b"5 \r\nhello\r\n0\r\n\r\n", "huge": b"fffffffffffffffff\r\n",
        "2^64": b"10000000000000000\r\n", "zeros": b"0000000000005\r\nhello\r\n0\r\n\r\n", "LF after size": b"5\nhello\r\n0\r\n\r\n",
        "CR after size": b"5\rhello\r\n0\r\n\r\n", "no line end": b"5\r\nhello0\r\n\r\n", "LF after data": b"5\r\nhello\n0\r\n\r\n",
        "longer data": b"4\r\nhello\r\n0\r\n\r\n", "no hex": b"g\r\n", "control in extension": b"5;a=\x01\r\nhello\r\n0\r\n\r\n",
        "LF in extension": b"5;a\nhello\r\n0\r\n\r\n", "CR in extension": b"5;a\rb\r\nhello\r\n0\r\n\r\n",
        "LF at the end": b"5\r\nhello\r\n0\r\n\n", "trailer, no colon": b"0\r\nabc\r\n\r\n", "trailer, blank": b"0\r\nA : b\r\n\r\n",
        "folded trailer": b"0\r\nA: b\r\n c\r\n\r\n", "trailer NUL": b"0\r\nA: \0\r\n\r\n", "trailer LF": b"0\r\nA: b\n\r\n",
        "tab after size": b"5\t\r\nhello\r\n0\r\n\r\n", "quote not closed": b'5;a="b\r\nhello\r\n0\r\n\r\n', "comma": b"5,5\r\nhello\r\n0\r\n\r\n",
        "full width": "５\r\nhello\r\n0\r\n\r\n".encode(), "dot": b"5.0\r\nhello\r\n0\r\n\r\n",
    }.items():
        yield f"chunk: {name}", CHUNKED + body, BAD


def limits():
    yield "target of 9 KiB", line(b"GET /" + b"a" * 9216 + b" HTTP/1.1"), {414}
    yield "header of 100 KiB", GET + b"A: " + b"b" * 102400 + b"\r\n\r\n", {431}
    yield "200 headers", GET + b"A: b\r\n" * 200 + b"\r\n", {431}
    yield "declared 4 GiB", POST + b"Content-Length: 4294967296\r\n\r\n", {413, 404, 405}
    yield "declared 4 EiB", POST + b"Content-Length: 4611686018427387904\r\n\r\n", {400, 413}
    yield "cookie of 40 KiB", GET + b"Cookie: " + b"a=b; " * 8192 + b"\r\n\r\n", {431}
    yield "name of 33 KiB", GET + b"A" * 33792 + b": b\r\n\r\n", {431}


CASES = [c for part in (framing, lines, request_lines, chunks, limits) for c in part()]


def answers(port, pieces):
    """The statuses answered until the server closes, and whether it did; None: it neither answers nor closes."""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as s:
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        said = b""
        try:
            for piece in pieces:
                s.sendall(piece)
        except OSError:
            pass  # it has closed already: what it said is still to be read
        closed = False
        try:
            while True:
                more = s.recv(65536)
                if not more:
                    closed = True
                    break
                said += more
        except ConnectionResetError:
            closed = True
        except TimeoutError:
            pass
        heads = [p for p in said.split(b"HTTP/1.1 ")[1:]]
        return [int(h[:3]) for h in heads if h[:3].isdigit()], closed


def wrong(port, case):
    name, data, right = case
    faults = []
    tries = [("whole", [data + SMUGGLED])]
    if len(data) < 400:
        tries += [(f"cut at {i}", [data[:i], data[i:] + SMUGGLED]) for i in range(1, len(data))]
    for how, pieces in tries:
        try:
            statuses, closed = answers(port, pieces)
        except OSError as why:
            faults.append(f"{name}, {how}: {why}")
            continue
        first = statuses[0] if statuses else None
        if first not in right:
            faults.append(f"{name}, {how}: {first}, not {sorted(right)}")
        elif first >= 400 and (len(statuses) != 1 or not closed) and first in (400, 431, 414, 501, 505):
            faults.append(f"{name}, {how}: {statuses}, closed: {closed}; one answer and a close were right")
    return faults, len(tries)


def main(port):
    asked = 0
    faults = []
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        for f, n in pool.map(lambda c: wrong(port, c), CASES):
            faults += f
            asked += n
    for f in faults[:20]:
        print("        |", f)
    print(f"{len(CASES)} cases, {asked} connections, {len(faults)} wrong")
    return len(faults) > 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
