"""People who are slow on purpose, and a person beside them who is not.

Each attack runs for some seconds while one client asks for the home page as a person does. What counts: the person's
99th percentile stays under LIMIT_MS, each attacker gets a defined end, and the server answers afterwards.
"""
import asyncio
import resource
import sys
import time

LIMIT_MS = 100
SECONDS = 8
HOST = "127.0.0.1"
CROWD = "127.0.0.2"  # the attackers' address: what limits them must not limit the person


async def person(port, until, times):
    """Asks for the home page on a connection that is kept; opens another when it must."""
    reader = writer = None
    while time.monotonic() < until:
        began = time.monotonic()
        try:
            if writer is None:
                reader, writer = await asyncio.open_connection(HOST, port)
            writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)
            length = next(int(h.split(b":")[1]) for h in head.split(b"\r\n") if h.lower().startswith(b"content-length:"))
            await reader.readexactly(length)
            times.append((time.monotonic() - began) * 1000 if head.startswith(b"HTTP/1.1 200") else 1e6)
        except (OSError, asyncio.TimeoutError, asyncio.IncompleteReadError, StopIteration):
            times.append(1e6)
            writer = None
        await asyncio.sleep(0.02)
    if writer:
        writer.close()


async def opened(port):
    try:
        return await asyncio.wait_for(asyncio.open_connection(HOST, port, local_addr=(CROWD, 0)), 10)
    except (OSError, asyncio.TimeoutError):
        return None


async def drip(port, until, head, piece):
    """A head, then one piece a second."""
    pair = await opened(port)
    if pair is None:
        return "refused"
    reader, writer = pair
    try:
        writer.write(head)
        while time.monotonic() < until:
            await asyncio.sleep(1)
            writer.write(piece)
            await writer.drain()
        return "open"
    except OSError:
        return "closed"
    finally:
        writer.close()


async def slow_headers(port, until):
    return await drip(port, until, b"GET / HTTP/1.1\r\nHost: x\r\n", b"A: b\r\n")


async def slow_body(port, until):
    head = b"POST /dang-xuat HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 5000\r\n\r\n"
    return await drip(port, until, head, b"a")


async def slow_read(port, until):
    """Asks for much, with a small window, and does not read."""
    pair = await opened(port)
    if pair is None:
        return "refused"
    _, writer = pair
    try:
        writer.transport.pause_reading()
        writer.write(b"GET /thu-tuc HTTP/1.1\r\nHost: x\r\n\r\n" * 50)
        await asyncio.sleep(max(0, until - time.monotonic()))
        return "open"
    except OSError:
        return "closed"
    finally:
        writer.close()


async def idle(port, until):
    pair = await opened(port)
    if pair is None:
        return "refused"
    await asyncio.sleep(max(0, until - time.monotonic()))
    pair[1].close()
    return "open"


async def flood(port, until):
    """Requests without waiting for answers, as many as the window takes; the answers are read."""
    done = 0
    while time.monotonic() < until:
        pair = await opened(port)
        if pair is None:
            return "refused"
        reader, writer = pair
        try:
            writer.write(b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n" * 1000)
            await writer.drain()
            writer.write_eof()
            while await asyncio.wait_for(reader.read(65536), 10):
                pass
            done += 1000
        except (OSError, asyncio.TimeoutError):
            pass
        writer.close()
        await asyncio.sleep(0.05)
    return "open" if done else "closed"


ATTACKS = [("nobody", None, 0), ("slow headers", slow_headers, 1000), ("slow bodies", slow_body, 1000),
           ("slow reads", slow_read, 300), ("idle connections", idle, 10000), ("pipelined floods", flood, 4)]


async def attacked(port, name, attack, n):
    until = time.monotonic() + SECONDS + n / 4000
    times, ends = [], []
    crowd = [asyncio.create_task(attack(port, until)) for _ in range(n)] if attack else []
    people = [asyncio.create_task(person(port, until, times)) for _ in range(4)]
    await asyncio.gather(*people)
    ends = await asyncio.gather(*crowd, return_exceptions=True)
    times.sort()
    p50, p99 = times[len(times) // 2], times[int(len(times) * 0.99)]
    counts = ", ".join(f"{k} {sum(1 for e in ends if str(e) == k)}" for k in sorted({str(e) for e in ends}))
    good = p99 < LIMIT_MS
    print(f"  {'ok   ' if good else 'FAIL '} {name} ({n}): a person's p50 {p50:.1f} ms, p99 {p99:.1f} ms of {len(times)}; {counts}")
    return good


async def main(port):
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    good = [await attacked(port, *a) for a in ATTACKS]
    pair = await opened(port)
    print("  ok    it still takes connections" if pair else "  FAIL  it takes no connection any more")
    print(f"{sum(good) + bool(pair)} passed, {len(good) - sum(good) + (not pair)} failed")
    return not (all(good) and pair)


if __name__ == "__main__":
    sys.exit(asyncio.run(main(int(sys.argv[1]))))
