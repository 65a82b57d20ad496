"""Things that a door should refuse, or take calmly: values, bodies, paths and headers that nobody sends by mistake."""

LONG = "x" * 100_000

# As they stand in a JSON document, so that what is no JSON can be among them.
VALUES = [
    "null", "true", "false", "0", "-1", "255", "32768", "2147483648", "9223372036854775807", "9223372036854775808",
    "1" + "0" * 400, "0.1", "1e308", "1e400", "-1e400", "1e-400", "NaN", "Infinity", "-Infinity",
    '""', '" "', r'"\u0000"', r'"a\u0000b"', r'"\ud800"', r'"\udfff x"', r'"\u202e"', f'"{LONG}"', '"' + "⚽" * 60 + '"',
    "\"'; DROP TABLE users; --\"", '"%s %(x)s {0} \\\\"', '"../../../etc/passwd"', '"/etc/passwd"', '"<script>x</script>"',
    '"0000-00-00"', '"9999-12-31T23:59:59.999999+00:00"', '"0001-01-01T00:00:00+14:00"', '"2026-02-30"', '"-1"',
    "[]", "{}", "[[]]", '{"a": {"b": null}}', '["x"]', "[null]", "[" * 200 + "]" * 200, '{"a":' * 200 + "1" + "}" * 200,
]  # fmt: skip

STUMBLING = {
    r'"a\u0000b"', r'"\ud800"', f'"{LONG}"', "2147483648", "9223372036854775808", "1e308", "NaN", "-1",
    '"9999-12-31T23:59:59.999999+00:00"', '"0001-01-01T00:00:00+14:00"',
}  # fmt: skip
"""What one database takes and another does not."""

NO_OBJECTS = [
    b"", b"null", b"[]", b"[null]", b'"x"', b"0", b"NaN", b"true", b"{", b'{"a"', b"{}x", b"\x00", b"\xff\xfe{}",
    b"[" * 10_000, b'{"a":' * 10_000, b"[" * 10_000 + b"]" * 10_000, b"1" * 5_000,
]  # fmt: skip
ODD_OBJECTS = [
    b"\xef\xbb\xbf{}", "{}".encode("utf-16"), b'{"a": "' + b"x" * 100_000 + b'"}', b'{"' + b"k" * 100_000 + b'": 1}',
    b'{"a": "\\ud800"}', b'{"\\ud800": 1}', b'{"\\u0000": 1}', b'{"__proto__": {"x": 1}, "__class__": "x"}',
]  # fmt: skip
HUGE = b'{"a": "' + b"x" * (5 << 20) + b'"}'

KINDS = [
    "application/json",
    "text/plain",
    "",
    "application/xml",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "multipart/form-data; boundary=",
    "multipart/form-data; boundary=x",
    "application/json; charset=utf-16",
    "nonsense/\u00e9",
]

# As they stand in a path or a query.
WORDS = [
    "%00", "a%00b", "%ED%A0%80", "%FF", "%C0%AE%C0%AE", "%2e%2e%2f%2e%2e%2fetc%2fpasswd", "..%5c..%5cwin.ini",
    "%2Fetc%2Fpasswd", "-1", "0", "9223372036854775808", "1e400", "NaN", "null", "undefined", "%20", "%0d%0aX-A:%201",
    "%F0%9F%98%80", "%27%20OR%20%271%27=%271", "%25s%25n", "{}", "*", "x" * 60_000, "true", "[]", "%7B%22a%22:1%7D",
]  # fmt: skip

HEADERS = [
    {"X-Request-ID": b"\xff\xfe"},
    {"Authorization": b"Bearer \xff\xfe"},
    {"Authorization": b"Bearer " + b"x" * 100_000},
    {"Authorization": b"Basic eDp5"},
    {"Authorization": b"Bearer"},
    {"Authorization": b""},
    {"Content-Type": b"\xff"},
    {"Content-Length": b"-1"},
    {"Content-Length": b"9" * 400},
    {"Range": b"bytes=9223372036854775808-,\xff"},
    {"Range": b"bytes=" + b"0-1," * 1000},
    {"Last-Event-ID": b"\xff"},
    {"Origin": b"\xff\xfe"},
    {"Host": b"a b\xff"},
    {"Accept": b"\x00\x01"},
    {"If-None-Match": b"\xff"},
    {"Cookie": b"\xff=\xff"},
]

FORMS = [
    (b"", "multipart/form-data; boundary=x"),
    (b"--x--\r\n", "multipart/form-data; boundary=x"),
    (b"--x\r\n\r\n\r\n--x--\r\n", "multipart/form-data; boundary=x"),
    (b"--x\r\nContent-Disposition: form-data\r\n\r\nv\r\n--x--\r\n", "multipart/form-data; boundary=x"),
    (b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\nv', "multipart/form-data; boundary=x"),
    (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename=""\r\n\r\n\r\n--x--\r\n',
        "multipart/form-data; boundary=x",
    ),
    (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="../../a\x00.mp4"\r\n\r\nabc\r\n--x--\r\n',
        "multipart/form-data; boundary=x",
    ),
    (
        b'--x\r\nContent-Disposition: form-data; name="\xff\xfe"; filename="\xff.png"\r\n\r\nabc\r\n--x--\r\n',
        "multipart/form-data; boundary=x",
    ),
    (b"--x\r\n" + b"A: b\r\n" * 5000 + b"\r\nv\r\n--x--\r\n", "multipart/form-data; boundary=x"),
    (
        b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n' * 3000 + b"--x--\r\n",
        "multipart/form-data; boundary=x",
    ),
    (b"x" * 1000, "multipart/form-data; boundary=" + "y" * 5000),
    (b"file=abc", "application/x-www-form-urlencoded"),
]
