"""People who are slow on purpose, and a person beside them who is not.

Each attack runs for some seconds while people ask for the home page, turn by turn at the server that is attacked and at
a twin that nobody attacks: both share the machine with the attackers and with whatever else runs on it, so what differs
between the two is what the attack does. What counts: what it adds to a person's 99th percentile stays under LIMIT_MS,
the server's own work under CORE_SHARE of a core for those who only wait, and the server answers afterwards. Who runs
this on a machine without other work also reads the times themselves.
"""
import asyncio
import os
import resource
import sys
import time

LIMIT_MS = 100
CORE_SHARE = 0.5  # of one core, for those who do nothing but wait
SECONDS = 8
HOST = "127.0.0.1"
DOOR = asyncio.Semaphore(100)
CROWD = "127.0.0.2"  # the attackers' address: what limits them must not limit the person


class Line:
    """A connection that is kept; another when it must."""

    def __init__(self, port):
        self.port, self.pair, self.times = port, None, []

    async def ask(self):
        began = time.monotonic()
        kept = self.pair is not None
        try:
            if self.pair is None:
                self.pair = await asyncio.wait_for(asyncio.open_connection(HOST, self.port), 10)
            reader, writer = self.pair
            writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)
            length = next(int(h.split(b":")[1]) for h in head.split(b"\r\n") if h.lower().startswith(b"content-length:"))
            await reader.readexactly(length)
            self.times.append((time.monotonic() - began) * 1000 if head.startswith(b"HTTP/1.1 200") else 1e6)
        except (OSError, asyncio.TimeoutError, asyncio.IncompleteReadError, StopIteration):
            self.pair = None
            if not kept:
                self.times.append(1e6)
                return
            await self.ask()  # as a browser does when a kept connection has gone
            self.times[-1] = (time.monotonic() - began) * 1000 if self.times[-1] < 1e6 else 1e6

    def close(self):
        if self.pair:
            self.pair[1].close()


async def person(until, lines):
    """Asks at one server, then at the other; who is first changes each time."""
    while time.monotonic() < until:
        for line in lines:
            await line.ask()
        lines.reverse()
        await asyncio.sleep(0.02)
    for line in lines:
        line.close()


def percentile(times, share):
    return sorted(times)[min(len(times) - 1, int(len(times) * share))]


def cpu_seconds(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as f:
        fields = f.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def opened(port):
    """At most some at once: the crowd is many connections, not a full queue of the kernel."""
    try:
        async with DOOR:
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


# Who attacks, how many; whether they make the server work or only wait.
ATTACKS = [("nobody", None, 0, False), ("slow headers", slow_headers, 1000, False), ("slow bodies", slow_body, 1000, False),
           ("slow reads", slow_read, 300, True), ("idle connections", idle, 10000, False), ("pipelined floods", flood, 4, True)]


async def crowd(port, which, until):
    """In a process of its own: the people's clock does not wait for the attackers' work."""
    _, attack, n, _ = ATTACKS[which]
    ends = await asyncio.gather(*(attack(port, until) for _ in range(n)), return_exceptions=True)
    print(", ".join(f"{k} {sum(1 for e in ends if str(e) == k)}" for k in sorted({str(e) for e in ends})))


async def attacked(port, twin, pid, which):
    name, attack, n, works = ATTACKS[which]
    seconds = SECONDS + n / 4000
    people = [[Line(port), Line(twin)] for _ in range(4)]
    here, there = [p[0] for p in people], [p[1] for p in people]
    await asyncio.gather(*(x.ask() for x in here + there))  # they are there before the crowd comes
    until, began = time.monotonic() + seconds, cpu_seconds(pid)
    child = attack and await asyncio.create_subprocess_exec(
        sys.executable, __file__, "crowd", str(port), str(which), str(until), stdout=asyncio.subprocess.PIPE)
    await asyncio.gather(*(person(until, list(p)) for p in people))
    share = (cpu_seconds(pid) - began) / seconds
    late = Line(port)  # comes while the crowd goes; shown, not judged
    await late.ask()
    late.close()
    ends = (await child.communicate())[0].decode().strip() if child else ""
    a, b = sum((x.times for x in here), []), sum((x.times for x in there), [])
    p50, p99, twin99 = percentile(a, 0.5), percentile(a, 0.99), percentile(b, 0.99)
    good = p99 - twin99 < LIMIT_MS and (works or share < CORE_SHARE) and (ends or not attack)
    print(f"  {'ok   ' if good else 'FAIL '} {name} ({n}): a person's p99 {p99:.1f} ms (p50 {p50:.1f}) of {len(a)}, at the twin {twin99:.1f} ms:"
          f" ratio {p99 / twin99:.2f}; the server uses {share:.2f} of a core; a newcomer {late.times[0]:.0f} ms; {ends}", flush=True)
    return bool(good)


async def main(port, twin, pid):
    good = [await attacked(port, twin, pid, i) for i in range(len(ATTACKS))]
    pair = await opened(port)
    print("  ok    it still takes connections" if pair else "  FAIL  it takes no connection any more")
    print(f"{sum(good) + bool(pair)} passed, {len(good) - sum(good) + (not pair)} failed")
    return not (all(good) and pair)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    if sys.argv[1] == "crowd":
        sys.exit(asyncio.run(crowd(int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]))))
    sys.exit(asyncio.run(main(*(int(a) for a in sys.argv[1:4]))))
