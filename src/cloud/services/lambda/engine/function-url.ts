/** Where the URLs of functions lead on this machine. */
import type { Cloud } from '../../../kernel/cloud.ts'
import { type FunctionUrl, urls } from '../state.ts'

/** What the paths of function URLs begin with. */
export const URL_PREFIX = '/_lambda/url/'

/**
 * Gives the address that reaches a function on this machine.
 * AWS: `https://<id>.lambda-url.<region>.on.aws/`, a name that no client of this machine could resolve; so the id stands
 * in the path.
 */
export const urlOf = (cloud: Cloud, { id }: FunctionUrl): string => `${cloud.endpoint}${URL_PREFIX}${id}/`

export interface FoundUrl {
  readonly url: FunctionUrl
  readonly account: string
  readonly region: string
}

/** Gives whose a URL is; undefined where there is none of this id. */
export function findUrl(cloud: Cloud, id: string): FoundUrl | undefined {
  for (const { account, region, table } of cloud.store.everywhere(urls)) {
    const url = table.values().find((one) => one.id === id)
    if (url) return { url, account, region }
  }
  return undefined
}
