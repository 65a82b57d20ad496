"""Listening sockets: a default port that is taken is replaced by a free one, a given port that is taken is an error."""

import socket
from dataclasses import dataclass


class PortTakenError(Exception):
    """A port that somebody asked for is in use; `str(error)` names the flag."""


@dataclass(frozen=True)
class Listener:
    """A bound socket and where it listens."""

    socket: socket.socket
    host: str
    port: int
    is_replacement: bool = False

    @property
    def url(self) -> str:
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host  # noqa: S104 — compared, not bound
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"


def listen(host: str, port: int | None, *, default: int, flag: str) -> Listener:
    """Bind a port, or the default one, or a free one when only the default is taken.

    Raises:
        PortTakenError: the given port is in use, or the host is not an address of this machine.
    """
    wanted = default if port is None else port
    try:
        bound = _bound(host, wanted)
        return Listener(bound, host, bound.getsockname()[1])
    except OSError as error:
        if port is not None:
            raise PortTakenError(
                f"Port {port} on {host} cannot be used ({error.strerror}); choose another one with {flag}."
            ) from error
    try:
        spare = _bound(host, 0)
    except OSError as error:
        raise PortTakenError(f"{host} is not an address of this machine ({error.strerror}); see --host.") from error
    return Listener(spare, host, spare.getsockname()[1], is_replacement=True)


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
        # Listening at once makes a second process see the port as taken before the first one serves.
        bound.listen(2048)
    except OSError:
        bound.close()
        raise
    bound.setblocking(False)
    bound.set_inheritable(True)
    return bound
