/** What a build's commands need so that AWS's own host names lead to the cloud: a proxy, certificates, preloads. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Cloud } from '../../../kernel/cloud.ts'

/** What this machine's own addresses are; a list of the user's may except AWS's names, and the cloud keeps to it itself. */
const NO_PROXY = 'localhost,127.0.0.1,::1'

/**
 * Gives the variables. Each family of programs has its own for certificates: OpenSSL's, Go's and curl's, botocore's,
 * requests', git's, pip's, Node's. Programs of Node older than 24 know no proxy, its SDK never does, nor does Python's
 * http.client: these take the preloads.
 */
export async function hostNames(cloud: Cloud, folder: string): Promise<Record<string, string>> {
  const { authority, bundle, nodePreload, pythonFolder } = await cloud.hostNames.files()
  const ofBundle = [
    'SSL_CERT_FILE',
    'AWS_CA_BUNDLE',
    'REQUESTS_CA_BUNDLE',
    'CURL_CA_BUNDLE',
    'GIT_SSL_CAINFO',
    'PIP_CERT',
  ]
  return {
    HTTPS_PROXY: cloud.endpoint,
    https_proxy: cloud.endpoint,
    NO_PROXY,
    no_proxy: NO_PROXY,
    ...Object.fromEntries(ofBundle.map((name) => [name, bundle])),
    NODE_EXTRA_CA_CERTS: await forNode(authority, folder),
    NODE_OPTIONS: preloading(nodePreload),
    PYTHONPATH: pythonFolder,
  }
}

/** Node's options as a text may hold spaces between quotes, and quotes behind backslashes. */
const preloading = (file: string): string => `--require="${file.replace(/["\\]/g, '\\$&')}"`

/** Node adds these to its own roots at each start, the fewer the faster: the cloud's and the user's own file. */
async function forNode(authority: string, folder: string): Promise<string> {
  const { NODE_EXTRA_CA_CERTS: users } = process.env
  const theirs = users && (await readFile(users, 'utf8').catch(() => ''))
  if (!theirs) return authority
  const file = join(folder, 'node-certificates.pem')
  await writeFile(file, `${theirs}\n${await readFile(authority, 'utf8')}`)
  return file
}
