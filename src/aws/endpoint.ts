/** Where AWS is: the real one, or an embedded cloud on this machine. */

/** The embedded cloud's URL when `AWS_ENDPOINT_URL` points at this machine; undefined means real AWS. */
export function embeddedEndpoint(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const url = environment.AWS_ENDPOINT_URL
  if (!url) return undefined
  const { hostname } = new URL(url)
  return ['127.0.0.1', 'localhost', '[::1]'].includes(hostname) ? url : undefined
}
