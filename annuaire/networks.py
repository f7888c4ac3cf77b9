"""Network addresses, as those who count requests see them. Pure."""

from ipaddress import IPv6Address, ip_address


def network(address: str | None) -> str:
    """What one who attacks holds as one: an IPv4 address, or the 64 first bits of an IPv6 one."""
    try:
        found = ip_address(address or "")
    except ValueError:
        return "?"
    if isinstance(found, IPv6Address):
        return (found.ipv4_mapped or IPv6Address(int(found) >> 64 << 64)).compressed
    return found.compressed
