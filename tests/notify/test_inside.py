from __future__ import annotations

import pytest

from shouwang.notify.inside import is_inside, looks_inside


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        # Where clouds keep the keys of a machine; the second is Aliyun's.
        "169.254.169.254",
        "100.100.100.200",
        "255.255.255.255",
        "224.0.0.1",
        "::",
        "::1",
        "fe80::1",
        "fe80::1%eth0",
        "fd00::1",
        "fec0::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "::127.0.0.1",
        "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::",
        "2002:c0a8:101::1",
    ],
)
def test_an_address_inside_is_known_in_each_of_its_forms(address):
    assert is_inside(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "2001:4860:4860::8888", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_an_address_of_the_internet_is_outside(address):
    assert not is_inside(address)


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "a.localhost",
        "printer.local",
        "nas",
        "[::1]",
        "10.0.0.1",
        "DB.LAN.",
    ],
)
def test_a_host_that_says_it_is_inside_is_known_before_it_is_asked(host):
    assert looks_inside(host)


@pytest.mark.parametrize(
    "host", ["ntfy.sh", "oapi.dingtalk.com", "8.8.8.8", "local.example"]
)
def test_other_hosts_are_judged_when_they_are_asked(host):
    assert not looks_inside(host)
