/** What `init` has to know, and whether an answer can be one. */
import { FleetError, nearest, regionDoubt } from '../../model/index.ts'
import type { Remote } from './repository-look.ts'

export interface Place {
  readonly account: string
  readonly region: string
  readonly profile?: string
}

export interface EnvironmentAnswer {
  readonly name: string
  readonly account: string
  readonly regions: readonly string[]
  readonly profile?: string
  readonly approve: boolean
}

export interface InitAnswers {
  readonly fleet: string
  readonly hub: Place
  readonly source: Remote & { readonly branch: string }
  readonly environments: readonly EnvironmentAnswer[]
  /** The template that is deployed, as the build leaves it; no `deploy` can be written without one. */
  readonly template: string
  readonly stack: string
  /** Values of the template's parameters. */
  readonly parameters: Readonly<Record<string, string>>
}

/** A name of a fleet, a pipeline or an environment. Gives what is wrong with it; undefined where nothing is. */
export const nameFault = (name: string): string | undefined =>
  /^[a-z][a-z0-9-]{0,19}$/.test(name)
    ? undefined
    : `"${name}" is no name: small letters, digits and dashes, at most 20, a letter first`

export const accountFault = (account: string): string | undefined =>
  /^\d{12}$/.test(account) ? undefined : `"${account}" is no account: AWS's have twelve digits`

/** Gives what is wrong with the name of a region. */
export function regionFault(name: string): string | undefined {
  const doubt = regionDoubt(name)
  // One that is younger than the list may well be one.
  if (doubt?.kind !== 'none') return undefined
  return `"${name}" is no region of AWS${doubt.meant ? `: ${doubt.meant}?` : ''}`
}

/** `111111111111/us-east-1`, with `@profile` behind it or without. Errors: FleetError. */
export function readPlace(text: string, option: string): Place {
  const { account, regions, profile } = readPlaces(text, option)
  if (regions.length !== 1) throw refused(option, text, 'it takes one region')
  return { account, region: regions[0]!, ...(profile && { profile }) }
}

/** `name=111111111111/us-east-1,eu-west-1@profile`. Errors: FleetError. */
export function readEnvironment(text: string, approved: ReadonlySet<string>): EnvironmentAnswer {
  const [, name = '', places] = /^([^=]*)=(.*)$/.exec(text) ?? []
  if (places === undefined)
    throw refused('--environment', text, 'it takes <name>=<account>/<region>[,<region>][@<profile>]')
  const fault = nameFault(name)
  if (fault) throw refused('--environment', text, fault)
  return { name, ...readPlaces(places, '--environment'), approve: approved.has(name) }
}

function readPlaces(
  text: string,
  option: string,
): Pick<EnvironmentAnswer, 'account' | 'regions' | 'profile'> {
  const [, account = '', listed = '', profile] = /^([^/@]*)\/([^@]*)(?:@(.+))?$/.exec(text) ?? []
  const regions = listed.split(',').map((one) => one.trim())
  const fault = accountFault(account) ?? regions.map(regionFault).find((one) => one !== undefined)
  if (fault) throw refused(option, text, fault)
  return { account, regions, ...(profile && { profile }) }
}

const KINDS = ['github', 'gitlab', 'bitbucket', 'codecommit'] as const

/** `github:acme/shop`. Errors: FleetError. */
export function readSource(text: string): Remote {
  const [, kind = '', path = ''] = /^([a-z]+):(.+)$/.exec(text) ?? []
  const known = KINDS.find((one) => one === kind)
  if (known && path) return { kind: known, path }
  const meant = nearest(kind, KINDS)
  throw refused(
    '--source',
    text,
    `it takes <kind>:<repository>, with the kinds ${KINDS.join(', ')}${meant ? `; ${meant}?` : ''}`,
  )
}

const refused = (option: string, text: string, why: string): FleetError =>
  new FleetError(`${option} "${text}": ${why}`, { fix: 'see "crossdock init --help"' })
