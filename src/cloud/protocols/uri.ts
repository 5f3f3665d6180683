/** Percent-encoding and query strings as REST clients send them. */
import { AwsError } from '../../model/index.ts'

/** Decodes a path segment or a query part. Errors: InvalidURI when it is not valid percent-encoded UTF-8. */
export function percentDecode(text: string): string {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    throw new AwsError('InvalidURI', "Couldn't parse the specified URI.", { status: 400 })
  }
}

/** The parameters of a raw query, decoded, in order; a name without `=` has the value ''. */
export function queryPairs(query: string): [string, string][] {
  if (query === '') return []
  const pairs: [string, string][] = []
  for (const part of query.split('&')) {
    if (part === '') continue
    const at = part.indexOf('=')
    const name = at < 0 ? part : part.slice(0, at)
    const value = at < 0 ? '' : part.slice(at + 1)
    pairs.push([percentDecode(name.replaceAll('+', ' ')), percentDecode(value.replaceAll('+', ' '))])
  }
  return pairs
}
