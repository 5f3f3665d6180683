/** Origins of web pages, as browsers write them. */

/**
 * Reads the origin that somebody names, in the form in which browsers send it; undefined for what is none. `null`, which
 * every page can become, and patterns are none.
 */
export function readOrigin(text: string): string | undefined {
  if (!/^[a-z][a-z0-9+.-]*:\/\/[^/?#@*\s]+\/?$/i.test(text) || !URL.canParse(text)) return undefined
  const { origin, protocol, host } = new URL(text)
  // Pages of packaged applications and extensions have schemes that the URL standard gives no origin.
  return origin === 'null' ? `${protocol}//${host.toLowerCase()}` : origin
}

/** The origin of a page that this very host has served. */
export const originOfHost = (host: string): string | undefined => readOrigin(`http://${host}`)
