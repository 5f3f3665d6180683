/** TLS of listeners: the cloud has no certificates of users, so each name gets one of an authority that lives as long as the cloud. */
import type { ServerOptions } from 'node:https'
import { createSecureContext, type SecureContext } from 'node:tls'
import { type Cloud, part } from '../../../kernel/cloud.ts'
import { CertificateAuthority } from '../../../machine/certificate-authority.ts'

/** Names are the clients' to choose; a handful is all that a client has. */
const KEPT = 200

interface Tls {
  readonly authority: CertificateAuthority
  readonly contexts: Map<string, SecureContext>
}

const tls = part({
  name: 'TLS of load balancers',
  make: (): Tls => ({
    // Whoever trusts it, trusts it for names that are nobody's on the internet, and for those of load balancers.
    authority: new CertificateAuthority('Crossdock load balancers', ['amazonaws.com', 'localhost']),
    contexts: new Map(),
  }),
})

/** The certificate to trust, PEM. */
export const authorityCertificate = (cloud: Cloud): string => cloud.part(tls).authority.certificate

function contextOf(cloud: Cloud, name: string): SecureContext {
  const { authority, contexts } = cloud.part(tls)
  const known = contexts.get(name)
  if (known) return known
  const cert = `${authority.certify(name)}${authority.certificate}`
  const context = createSecureContext({ key: authority.hostKey, cert })
  if (contexts.size >= KEPT) contexts.clear()
  contexts.set(name, context)
  return context
}

export function tlsOptions(cloud: Cloud): ServerOptions {
  const { authority } = cloud.part(tls)
  return {
    key: authority.hostKey,
    cert: `${authority.certify('localhost')}${authority.certificate}`,
    SNICallback: (name, done) => done(null, contextOf(cloud, name.toLowerCase())),
    ALPNProtocols: ['http/1.1'],
  }
}
