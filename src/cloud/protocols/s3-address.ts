/** Where an S3 request points: bucket and key, in path style or in virtual-host style. */
import { percentDecode } from './uri.ts'
import type { WireRequest } from './wire.ts'

export interface S3Address {
  readonly bucket?: string
  readonly key?: string
}

/** `bucket.s3.amazonaws.com`, `bucket.s3.eu-west-1.amazonaws.com`, `bucket.s3-eu-west-1.amazonaws.com`, dualstack. */
const amazonHost = /^(?:(.+)\.)?s3[.-](?:[a-z0-9-]+\.)*amazonaws\.com(?:\.cn)?$/
/**
 * `bucket.localhost` and `bucket.s3.localhost`; browsers and some resolvers send any of these names to loopback. Clients
 * that put the bucket before any host make `bucket.127.0.0.1` of an address.
 */
const localHost = /^(?:(.+?)\.)??(?:(?:s3\.(?:[a-z0-9-]+\.)?)?localhost|127(?:\.\d{1,3}){3})$/

/** Gives the bucket and the key of a request, decoded; a key keeps its slashes. */
export function s3Address(wire: WireRequest): S3Address {
  const path = wire.path.startsWith('/') ? wire.path.slice(1) : wire.path
  const hosted = hostBucket(wire.host)
  if (hosted !== undefined)
    return path === '' ? { bucket: hosted } : { bucket: hosted, key: percentDecode(path) }
  if (path === '') return {}
  const slash = path.indexOf('/')
  const bucket = percentDecode(slash < 0 ? path : path.slice(0, slash))
  const key = slash < 0 ? '' : path.slice(slash + 1)
  return key === '' ? { bucket } : { bucket, key: percentDecode(key) }
}

function hostBucket(host: string): string | undefined {
  // The longest name that DNS has; the expressions below take the square of the length.
  if (host.length > 255) return undefined
  const name = host.replace(/\.?(?::\d*)?$/, '').toLowerCase()
  return (amazonHost.exec(name) ?? localHost.exec(name))?.[1]
}
