# zip_oracle.py - another program's archives: reads ours, writes good ones and deceiving ones.
import io
import struct
import sys
import zipfile


def good():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        z.writestr("stored.txt", "stored")
        z.writestr("sâu/deflated.txt", b"abcde" * 10000, zipfile.ZIP_DEFLATED)
        z.writestr("sâu/", "")
    return bytearray(out.getvalue())


def directory(data):
    """Where the directory begins and where the end record stands."""
    end = data.rindex(b"PK\x05\x06")
    return struct.unpack_from("<I", data, end + 16)[0], end


def overlap():
    data = good()
    at, _ = directory(data)
    name, extra, note = struct.unpack_from("<HHH", data, at + 28)
    second = at + 46 + name + extra + note
    struct.pack_into("<I", data, second + 42, 0)  # the second entry begins where the first does
    return data


def twice():
    out = io.BytesIO()
    import warnings
    warnings.simplefilter("ignore")
    with zipfile.ZipFile(out, "w") as z:
        z.writestr("a", "1")
        z.writestr("a", "2")
    return out.getvalue()


def encrypted():
    data = good()
    at, _ = directory(data)
    struct.pack_into("<H", data, at + 8, 1)
    return data


def escape():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        z.writestr("a/../../b", "1")
    return out.getvalue()


def zip64():
    data = good()
    at, _ = directory(data)
    struct.pack_into("<I", data, at + 24, 0xFFFFFFFF)
    return data


what = sys.argv[1]
if what == "read":
    with zipfile.ZipFile(sys.argv[2]) as z:
        bad = z.testzip()
        if bad:
            sys.exit("damaged: " + bad)
        for entry in z.infolist():
            sys.stdout.buffer.write(f"{entry.filename} {entry.file_size} {entry.date_time[0]}\n".encode())
else:
    makers = {"write": good, "overlap": overlap, "twice": twice, "encrypted": encrypted,
              "escape": escape, "zip64": zip64}
    sys.stdout.buffer.write(bytes(makers[what]()))
