/** Certificates are what Node's TLS and, where it is installed, OpenSSL's strict check accept, for their domains alone. */
import { execFileSync, spawnSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, createServer } from 'node:tls'
import { describe, expect, test } from 'vitest'
import { CertificateAuthority } from './certificate-authority.ts'

const authority = new CertificateAuthority('An authority', ['aws.example', 'b.example'])

/** Gives what a client says of a host's certificate. */
async function greet(host: string): Promise<string> {
  const server = createServer({ key: authority.hostKey, cert: authority.certify(host) }, (socket) =>
    socket.end(),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return new Promise<string>((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', servername: host, ca: authority.certificate })
    socket.once('secureConnect', () => resolve('trusted'))
    socket.once('error', (error) => resolve(error.message))
    socket.once('close', () => server.close())
    socket.resume()
  })
}

describe('a certificate', () => {
  test('is trusted for its host, however many labels it has', async () => {
    expect(await greet('a.b.c.aws.example')).toBe('trusted')
    expect(await greet('b.example')).toBe('trusted')
  })

  test('is not for a name outside the domains of the authority', async () => {
    expect(await greet('bank.example')).toBe('permitted subtree violation')
    expect(await greet('notaws.example')).toBe('permitted subtree violation')
  })

  test('names its host and its authority, and began yesterday', () => {
    const made = new X509Certificate(authority.certify('a.aws.example'))
    expect(made.subjectAltName).toBe('DNS:a.aws.example')
    expect(made.checkIssued(new X509Certificate(authority.certificate))).toBe(true)
    expect(made.ca).toBe(false)
    expect(new X509Certificate(authority.certificate).ca).toBe(true)
    expect(Date.parse(made.validFrom)).toBeLessThan(Date.now() - 3_600_000)
  })

  const openssl = spawnSync('openssl', ['version']).status === 0
  test.skipIf(!openssl)('passes the strict check of OpenSSL (skipped: not installed)', () => {
    const folder = mkdtempSync(join(tmpdir(), 'crossdock-certificates-'))
    try {
      const [ca, leaf] = [join(folder, 'ca.pem'), join(folder, 'leaf.pem')]
      writeFileSync(ca, authority.certificate)
      for (let count = 0; count < 20; count++) {
        writeFileSync(leaf, authority.certify(`h${count}.aws.example`))
        const words = ['verify', '-x509_strict', '-purpose', 'sslserver', '-CAfile', ca, leaf]
        expect(execFileSync('openssl', words, { encoding: 'utf8' })).toContain('OK')
      }
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
