/** Who is let in at any door of the cloud: decided from a request's head alone, before anything else is read of it. */
import type { RefusedRequest } from '../../kernel/refused-requests.ts'
import type { Knock } from './knock.ts'
import { type HostKind, ownHost } from './own-host.ts'
import {
  browserUnderAwsName,
  foreignHost,
  foreignOrigin,
  noHost,
  notForPeople,
  otherSite,
  severalHosts,
  silentBrowser,
} from './refusal.ts'
import { originOfHost, readOrigin } from './web-origin.ts'

/** What is told of the addresses behind the door. */
interface Addresses {
  changesOnRead(host: string, path: string): boolean
}

export type Admission =
  | { readonly refused: RefusedRequest }
  | {
      readonly refused?: undefined
      /** The request's target without a host. */
      readonly target: string
      /** The web origin that asked and is allowed by name: its page is told so with CORS headers. */
      readonly origin?: string
    }

/**
 * Refuses what a web page could have sent, since the root key is no secret: a host that is neither loopback nor AWS's (a
 * name that leads here by DNS rebinding), an origin that is neither the cloud's own nor allowed by name, and what a
 * browser says or hides of where a request comes from. Other clients send neither `Origin` nor `Sec-Fetch-Site`.
 */
export function admit(knock: Knock, allowed: ReadonlySet<string>, addresses: Addresses): Admission {
  const hosts = hostsOf(knock)
  const kind = ownHost(hosts[0] ?? '')
  const refusedHost = refusalOfHosts(hosts)
  if (refusedHost) return { refused: refusedHost }
  const target = withoutHost(knock.target)
  const page = askingPage(knock, allowed)
  if (page !== undefined && allowed.has(page)) return { target, origin: page }
  if (page !== undefined && !isOwn(page, hosts[0]!, kind)) return { refused: foreignOrigin(page) }
  const forPeople = () => isForPeople(hosts[0]!, target, addresses)
  const refused =
    refusalOfSite(knock, kind, forPeople) ?? (page === undefined ? refusalOfSilence(knock) : undefined)
  return refused ? { refused } : { target }
}

/** Whoever runs a network's DNS can serve pages under AWS's names, and browsers tell less about those: none is own. */
const isOwn = (page: string, host: string, kind: HostKind): boolean =>
  kind === 'loopback' && page === originOfHost(host)

const AUTHORITY = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i

/** Every host that a request names: a client whose proxy the cloud is writes it twice. */
function hostsOf({ target, headers }: Knock): readonly string[] {
  const authority = AUTHORITY.exec(target)?.[1]
  return [...(headers.get('host') ?? []), ...(authority === undefined ? [] : [authority])]
}

function refusalOfHosts(hosts: readonly string[]): RefusedRequest | undefined {
  if (hosts.length === 0) return noHost
  const foreign = hosts.find((one) => ownHost(one) === undefined)
  if (foreign !== undefined) return foreignHost(foreign)
  if (hosts.length === 1) return undefined
  return new Set(hosts.map((one) => originOfHost(one) ?? one)).size > 1 ? severalHosts(hosts) : undefined
}

function withoutHost(target: string): string {
  const rest = target.replace(AUTHORITY, '')
  return rest === target || rest.startsWith('/') ? rest : `/${rest}`
}

/**
 * The origin of the page that asks. Images, scripts and links carry no `Origin`; where these come from an allowed page,
 * their `Referer` says so, which no page can write for another.
 */
function askingPage({ method, headers }: Knock, allowed: ReadonlySet<string>): string | undefined {
  const origin = headers.get('origin')
  if (origin) return origin.join(', ')
  const referer = refererOf(headers)
  return reads(method) && referer !== undefined && allowed.has(referer) ? referer : undefined
}

const refererOf = (headers: Knock['headers']): string | undefined =>
  readOrigin(AUTHORITY.exec(headers.get('referer')?.join(', ') ?? '')?.[0] ?? '')

const reads = (method: string): boolean => method === 'GET' || method === 'HEAD'

function refusalOfSite(
  { method, headers }: Knock,
  host: HostKind,
  forPeople: () => boolean,
): RefusedRequest | undefined {
  const site = headers.get('sec-fetch-site')?.join(', ')
  if (site === undefined) return undefined
  if (site !== 'same-origin' && site !== 'none') {
    const referer = refererOf(headers)
    return referer === undefined ? otherSite(site) : foreignOrigin(referer)
  }
  if (host !== 'loopback') return browserUnderAwsName
  if (site === 'same-origin') return undefined
  return reads(method) && forPeople() ? undefined : notForPeople
}

/**
 * Whether an address may be opened in a browser by hand. `Sec-Fetch-Site: none` is what mails, other programs and
 * redirects of a page that was opened by hand are told by, too: so it must change nothing, as calls of the query protocol
 * may, and git's first question about a new repository does.
 */
function isForPeople(host: string, target: string, addresses: Addresses): boolean {
  const [path = '', query = ''] = target.split(/\?(.*)/s)
  return !addresses.changesOnRead(host, path) && !new URLSearchParams(query).has('Action')
}

/** No page can choose this name. Windows' shell has it too, out of habit. */
const BROWSER = /^Mozilla\/(?!.*PowerShell\/)/

/** Browsers before 2023 send no `Sec-Fetch-Site`, and none sends it under AWS's names over plain HTTP. */
function refusalOfSilence(knock: Knock): RefusedRequest | undefined {
  return isBrowser(knock) && !knock.headers.has('sec-fetch-site') ? silentBrowser : undefined
}

export const isBrowser = ({ headers }: Knock): boolean =>
  BROWSER.test(headers.get('user-agent')?.join(', ') ?? '')
