/** Where AWS is: the real one, or an embedded cloud on this machine. */
import { FleetError } from '../model/index.ts'

/**
 * The embedded cloud's URL when `AWS_ENDPOINT_URL` points at this machine; undefined means real AWS.
 * Errors: FleetError where that is no URL.
 */
export function embeddedEndpoint(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const url = environment.AWS_ENDPOINT_URL
  if (!url) return undefined
  if (!URL.canParse(url))
    throw new FleetError(`AWS_ENDPOINT_URL is no URL: "${url}"`, {
      fix: 'set it to the address that "crossdock cloud" prints, or unset it to use AWS',
    })
  const { hostname } = new URL(url)
  return ['127.0.0.1', 'localhost', '[::1]'].includes(hostname) ? url : undefined
}
