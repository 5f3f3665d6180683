"""Leads connections of a Python process to AWS's host names, port 443, to the cloud; to a few of them port 80 as well.

Names are resolved to the cloud's address, and contexts of TLS trust the cloud's authority when they are used for such a
name. The module ssl is touched when the first such name is resolved: most functions never load it.
"""
import re
import socket


def lead(port, authority, hosts, plain):
    rule = re.compile(hosts)
    plainly = re.compile(plain['hosts'])
    resolve = socket.getaddrinfo

    def caught(host, rule=rule):
        if isinstance(host, bytes):
            host = host.decode('ascii', 'replace')
        if not isinstance(host, str) or len(host) > 255:
            return False
        name = host.lower()
        return rule.fullmatch(name[:-1] if name.endswith('.') else name) is not None

    def getaddrinfo(host, asked, *more, **options):
        if asked in (443, '443', 'https') and caught(host):
            trust()
            return [(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, '', ('127.0.0.1', port))]
        if asked in (80, '80', 'http') and caught(host, plainly):
            return [(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, '', ('127.0.0.1', plain['port']))]
        return resolve(host, asked, *more, **options)

    def trust():
        nonlocal trusting
        if trusting:
            return
        trusting = True
        import ssl

        def before(method, position):
            def wrapped(self, *given, **named):
                name = named.get('server_hostname', given[position] if len(given) > position else None)
                if caught(name):
                    self.load_verify_locations(cadata=authority)
                return method(self, *given, **named)

            return wrapped

        ssl.SSLContext.wrap_socket = before(ssl.SSLContext.wrap_socket, 4)
        ssl.SSLContext.wrap_bio = before(ssl.SSLContext.wrap_bio, 3)

    trusting = False
    socket.getaddrinfo = getaddrinfo
