"""sign_in.py PORT LOGIN - signs in to the demo; prints the cookie as "name=value"."""
import http.client
import re
import sys
import urllib.parse

port, login = int(sys.argv[1]), sys.argv[2]


def ask(method, path, cookie="", body=None):
    c = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    headers = {"Cookie": cookie} if cookie else {}
    if body is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    c.request(method, path, body, headers)
    r = c.getresponse()
    return r, r.read().decode()


first, page = ask("GET", "/dang-nhap")
cookie = (first.getheader("Set-Cookie") or "").split(";")[0]
token = re.search(r'name="_token" value="([^"]+)"', page).group(1)
form = urllib.parse.urlencode({"_token": token, "tai_khoan": login, "mat_khau": "tinhso-2026"})
second, _ = ask("POST", "/dang-nhap", cookie, form)
if second.status != 303:
    sys.exit(f"sign_in: {login}: {second.status}")
print((second.getheader("Set-Cookie") or cookie).split(";")[0])
