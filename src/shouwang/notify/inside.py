"""Which addresses are machines of our own network, or stand for one."""

from __future__ import annotations

import ipaddress
from ipaddress import IPv4Address, IPv6Address, IPv6Network

# Both carry an IPv4 address in their last 32 bits: what a translator of the network
# makes of them is decided by that.
_CARRYING = (IPv6Network("::/96"), IPv6Network("64:ff9b::/96"))
_NAMES_INSIDE = ("localhost", "local", "internal", "lan", "home.arpa")


def is_inside(address: str) -> bool:
    """Return whether an IP address is not one of the open internet."""
    found = ipaddress.ip_address(address.split("%")[0])
    return any(_is_inside(row) for row in (found, *_carried(found)))


def looks_inside(host: str) -> bool:
    """Return whether a host of an address says by itself that it is inside.

    Nothing is looked up: a name that only stands for a machine inside is found when it
    is asked.
    """
    host = host.strip("[]").rstrip(".").lower()
    try:
        return is_inside(host)
    except ValueError:
        return "." not in host or host.endswith(tuple(f".{n}" for n in _NAMES_INSIDE))


def _is_inside(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv6Address) and address.is_site_local:
        return True
    return not address.is_global or address.is_multicast


def _carried(address: IPv4Address | IPv6Address) -> tuple[IPv4Address, ...]:
    """Return the IPv4 addresses inside an IPv6 address."""
    if isinstance(address, IPv4Address):
        return ()
    found = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if any(address in row for row in _CARRYING):
        found.append(IPv4Address(int(address) & 0xFFFFFFFF))
    return tuple(row for row in found if row is not None)
