/** Where an S3 request points: bucket and key, in path style or in virtual-host style. */
import { percentDecode } from '../../../protocols/index.ts'

interface S3Address {
  readonly bucket?: string
  readonly key?: string
}

/**
 * The label that names S3 in AWS's host names: `s3`, the older `s3-eu-west-1` and `s3-external-1`, transfer acceleration.
 * AWS: control, websites, access points, Outposts and Object Lambda are services of their own (`s3-control`, …).
 */
export const S3_LABEL = /^s3(?:-(?:external-1|accelerate|[a-z]{2}(?:-[a-z]+){1,2}-\d))?$/

/** `bucket.s3.amazonaws.com`, `bucket.s3.eu-west-1.amazonaws.com`, `bucket.s3-eu-west-1.amazonaws.com`, dualstack. */
const amazonHost = /^(?:(.+)\.)?s3[.-](?:[a-z0-9-]+\.)*amazonaws\.com(?:\.cn)?$/
/**
 * `bucket.localhost` and `bucket.s3.localhost`; browsers and some resolvers send any of these names to loopback. Clients
 * that put the bucket before any host make `bucket.127.0.0.1` of an address.
 */
const localHost = /^(?:(.+?)\.)??(?:(?:s3\.(?:[a-z0-9-]+\.)?)?localhost|127(?:\.\d{1,3}){3})$/

/** Gives the bucket and the key of a request, decoded; a key keeps its slashes. */
export function s3Address(request: { readonly path: string; readonly host: string }): S3Address {
  const path = request.path.startsWith('/') ? request.path.slice(1) : request.path
  const hosted = hostBucket(request.host)
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

/** Whether a name below this machine's own, in lower case and without a port, is that of S3 or of a bucket. */
export const ownsHost = (name: string): boolean =>
  /^s3\.(?:[a-z0-9-]+\.)?localhost$/.test(name) || localHost.exec(name)?.[1] !== undefined
