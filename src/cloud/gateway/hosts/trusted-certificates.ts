/** The certificates that this machine's programs trust, for those that are told to read one file instead. */
import { existsSync, readFileSync } from 'node:fs'
import { rootCertificates } from 'node:tls'

/** Where systems keep them: Debian, Fedora, SUSE, and Alpine, macOS and the BSDs. */
const SYSTEM = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
]

/** What replaces the system's certificates for most programs, and what does so for one each. */
const FOR_MOST = 'SSL_CERT_FILE'
const FOR_ONE = ['AWS_CA_BUNDLE', 'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE', 'GIT_SSL_CAINFO', 'PIP_CERT']

/**
 * Gives them as PEM: the system's or what the user's `SSL_CERT_FILE` says in their place, else those that come with Node,
 * and what the user's variables for single programs add.
 */
export function trustedCertificates(environment: NodeJS.ProcessEnv): string {
  const base = [environment[FOR_MOST] ?? '', ...SYSTEM].find((file) => file !== '' && existsSync(file))
  const files = new Set([...(base ? [base] : []), ...FOR_ONE.map((name) => environment[name] ?? '')])
  const texts = [...files].map(readPem).filter((text) => text !== '')
  return (base ? texts : [rootCertificates.join('\n'), ...texts]).join('\n')
}

/** Gives a file's text; empty when it cannot be read: the program that it was for would not have it either. */
export function readPem(file: string): string {
  try {
    return file === '' ? '' : readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
