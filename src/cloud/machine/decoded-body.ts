/** The body of a request to git, without the encoding it was sent in. */
import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'

/** Git's own servers (git-http-backend) take gzip under both its names, and nothing else. */
const GZIP = ['gzip', 'x-gzip']

const encodingOf = (request: IncomingMessage): string =>
  (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase()

/** Whether the body can be decoded. */
export const isDecodable = (request: IncomingMessage): boolean =>
  ['identity', ...GZIP].includes(encodingOf(request))

/** Gives the body as git wants it. A body that is not what its encoding says errs. */
export const decodedBody = (request: IncomingMessage): Readable =>
  GZIP.includes(encodingOf(request)) ? request.pipe(createGunzip()) : request
