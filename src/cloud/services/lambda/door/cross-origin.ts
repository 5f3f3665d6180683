/** What a function URL's configuration tells pages of other origins. */
import type { IncomingMessage } from 'node:http'
import type { Cors } from '@aws-sdk/client-lambda'

/** Gives the headers; undefined where nothing is configured, or the page's origin is not let in. */
export function crossOriginHeaders(
  cors: Cors | undefined,
  { headers: { origin } }: Pick<IncomingMessage, 'headers'>,
): Record<string, string> | undefined {
  if (!cors || !origin) return undefined
  const origins = cors.AllowOrigins ?? []
  if (!origins.includes('*') && !origins.includes(origin)) return undefined
  const list = (name: string, values: readonly string[] | undefined) =>
    values?.length ? { [name]: values.join(',') } : {}
  return {
    // AWS: the origin itself, also where all are let in.
    'access-control-allow-origin': origin,
    vary: 'Origin',
    ...list('access-control-allow-methods', cors.AllowMethods),
    ...list('access-control-allow-headers', cors.AllowHeaders),
    ...list('access-control-expose-headers', cors.ExposeHeaders),
    ...(cors.AllowCredentials && { 'access-control-allow-credentials': 'true' }),
    ...(cors.MaxAge !== undefined && { 'access-control-max-age': String(cors.MaxAge) }),
  }
}
