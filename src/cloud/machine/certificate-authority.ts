/** A certificate authority that lives as long as the process: ECDSA over P-256, one key for all hosts (RFC 5280). */
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { bits, integer, objectId, octets, sequence, set, tagged, time, utf8, yes } from './der.ts'

const DAY = 86_400_000
/** Clocks differ a little, and no cloud runs for a year. */
const BEFORE = DAY
const LIFETIME = 365 * DAY

const ecdsaWithSha256 = sequence(objectId('1.2.840.10045.4.3.2'))

interface KeyPair {
  readonly publicKey: KeyObject
  readonly privateKey: KeyObject
}

export class CertificateAuthority {
  /** The certificate to trust, PEM. */
  readonly certificate: string
  /** The private key of every host's certificate, PEM. */
  readonly hostKey: string
  private readonly name: Buffer
  private readonly own: KeyPair
  private readonly hosts: KeyPair

  /**
   * `domains` are the only ones below which its certificates count, for whoever keeps to name constraints: Java does not
   * for a root.
   */
  constructor(name: string, domains: readonly string[]) {
    this.own = makeKeys()
    this.hosts = makeKeys()
    this.hostKey = this.hosts.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    this.name = commonName(name)
    this.certificate = this.issue(this.name, this.own.publicKey, [
      // An authority, and of none below it.
      extension('2.5.29.19', sequence(yes, integer(Buffer.from([0]))), 'critical'),
      // It signs certificates and their revocation lists.
      extension('2.5.29.15', bits(Buffer.from([0b0000_0110]), 1), 'critical'),
      extension('2.5.29.30', sequence(tagged(0, Buffer.concat(domains.map(permitted)))), 'critical'),
    ])
  }

  /** Gives the certificate of a host, PEM. */
  certify(host: string): string {
    return this.issue(commonName('crossdock'), this.hosts.publicKey, [
      extension('2.5.29.19', sequence(), 'critical'),
      extension('2.5.29.15', bits(Buffer.from([0b1000_0000]), 7), 'critical'),
      // For servers.
      extension('2.5.29.37', sequence(objectId('1.3.6.1.5.5.7.3.1'))),
      extension('2.5.29.17', sequence(dnsName(host))),
      extension('2.5.29.35', sequence(tagged(0, keyId(this.own.publicKey), 'primitive'))),
    ])
  }

  private issue(subject: Buffer, key: KeyObject, extensions: readonly Buffer[]): string {
    // Clients hold it against this machine's clock, whatever the cloud's own says.
    const now = Date.now()
    const content = sequence(
      tagged(0, integer(Buffer.from([2]))),
      integer(randomBytes(16)),
      ecdsaWithSha256,
      this.name,
      sequence(time(new Date(now - BEFORE)), time(new Date(now + LIFETIME))),
      subject,
      spki(key),
      tagged(3, sequence(...extensions, extension('2.5.29.14', octets(keyId(key))))),
    )
    const signature = sign('sha256', content, this.own.privateKey)
    const certificate = sequence(content, ecdsaWithSha256, bits(signature)).toString('base64')
    return `-----BEGIN CERTIFICATE-----\n${certificate.replace(/.{1,64}/g, '$&\n')}-----END CERTIFICATE-----\n`
  }
}

const makeKeys = (): KeyPair => generateKeyPairSync('ec', { namedCurve: 'P-256' })

const spki = (key: KeyObject): Buffer => key.export({ type: 'spki', format: 'der' })

/** RFC 5280, 4.2.1.2: any hash that tells keys apart. */
const keyId = (key: KeyObject): Buffer => createHash('sha1').update(spki(key)).digest()

const commonName = (text: string): Buffer => sequence(set(sequence(objectId('2.5.4.3'), utf8(text))))

const dnsName = (name: string): Buffer => tagged(2, Buffer.from(name), 'primitive')

const permitted = (domain: string): Buffer => sequence(dnsName(domain))

const extension = (id: string, value: Buffer, weight?: 'critical'): Buffer =>
  sequence(objectId(id), ...(weight ? [yes] : []), octets(value))
