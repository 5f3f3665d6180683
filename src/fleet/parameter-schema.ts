/** Schema of Parameter Store parameters that a fleet makes: plain settings for builds and templates, no secrets. */
import * as z from 'zod/mini'
import { type Environment, FleetError, type Hub, nearest, type Target } from '../model/index.ts'
import type { FleetDocument } from './document.ts'
import { expandText, valueWith } from './text.ts'

/** AWS: standard parameters hold 4096 characters. */
const LONGEST_VALUE = 4096
const NAMES = ['fleet', 'environment', 'account', 'accountName', 'region'] as const

/** AWS: a path of at most fifteen levels, which begins with neither `aws` nor `ssm`. */
const name = z
  .string()
  .check(
    z.regex(
      /^\/(?!aws|ssm)([A-Za-z0-9_.-]+\/){0,14}[A-Za-z0-9_.-]+$/i,
      'must begin with a slash, have letters, digits and . _ - between slashes, and not begin with aws or ssm',
    ),
    z.maxLength(1011),
  )
const text = z.pipe(
  valueWith(NAMES),
  z.string().check(z.minLength(1, 'must not be empty'), z.maxLength(LONGEST_VALUE)),
)

export const parametersSchema = z._default(
  z.record(
    name,
    z.union([
      text,
      z.strictObject({
        value: text.check(z.describe('its text; ${fleet}, ${environment}, ${account}, ${region} stand')),
        description: z
          .optional(z.string().check(z.minLength(1), z.maxLength(1024)))
          .check(z.describe('what it is for → Description')),
        environments: z
          .optional(z.array(z.string().check(z.minLength(1))).check(z.minLength(1)))
          .check(
            z.describe(
              'environments whose accounts and regions have it, and `hub`; the hub alone without it',
            ),
          ),
      }),
    ]),
  ),
  {},
)

/** One parameter in one place. */
export interface FleetParameter extends Target {
  readonly name: string
  readonly value: string
  readonly description?: string
  /** Whose credentials reach the account: an environment, or `hub`. */
  readonly environment: string
  readonly accountName: string
}

interface Surroundings {
  readonly fleet: string
  readonly hub: Hub
  readonly environments: readonly Environment[]
}

/** Gives every parameter in each of its places. What cannot be one goes to `errors`. */
export function resolveParameters(
  file: z.output<typeof parametersSchema>,
  around: Surroundings,
  document: FleetDocument,
  errors: FleetError[],
): FleetParameter[] {
  return Object.entries(file).flatMap(([parameter, given]) => {
    const path = ['parameters', parameter]
    const one = typeof given === 'string' ? { value: given } : given
    if (looksSecret(parameter, one.value))
      errors.push(
        new FleetError(`${parameter} looks like a secret`, {
          location: document.locateKey(path),
          fix: 'keep it in Secrets Manager, and name it in `secrets` of a build',
        }),
      )
    const { value, description, environments = ['hub'] } = one as ParameterFile
    const places = environments.flatMap((environment, index) => {
      const found = placesOf(environment, around)
      if (!found)
        errors.push(noSuchEnvironment(environment, around, document, [...path, 'environments', index]))
      return found ?? []
    })
    const distinct = new Map(places.map((place) => [`${place.account} ${place.region}`, place]))
    return [...distinct.values()].map((place) => ({
      name: parameter,
      value: expandText(value, { fleet: around.fleet, ...place }),
      ...(description && { description }),
      ...place,
    }))
  })
}

interface ParameterFile {
  readonly value: string
  readonly description?: string
  readonly environments?: readonly string[]
}

type Place = Omit<FleetParameter, 'name' | 'value' | 'description'>

function placesOf(environment: string, { hub, environments }: Surroundings): Place[] | undefined {
  if (environment === 'hub')
    return [{ environment, account: hub.account, accountName: 'hub', region: hub.region }]
  const found = environments.find(({ name: one }) => one === environment)
  return found?.accounts.flatMap(({ account, name: accountName }) =>
    found.regions.map((region) => ({ environment, account, accountName, region })),
  )
}

function noSuchEnvironment(
  environment: string,
  { environments }: Surroundings,
  document: FleetDocument,
  path: readonly (string | number)[],
): FleetError {
  const names = ['hub', ...environments.map(({ name: one }) => one)]
  const meant = nearest(environment, names)
  return new FleetError(`there is no environment \`${environment}\``, {
    location: document.locate(path),
    fix: meant ? `write \`${meant}\`` : `use one of ${names.join(', ')}`,
  })
}

/** What a name ends in that holds a secret: not `token-url`, which does not. */
const SECRET_NAME =
  /(^|[/._-])(password|passwd|pwd|secret|token|credentials?|(api|access|private|secret)[._-]?key)$/i
/** AWS's access keys, GitHub's and GitLab's tokens, private keys. */
const SECRET_VALUE =
  /^(A(KI|SI)A[A-Z2-7]{16}|gh[opsu]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{20,}|-----BEGIN [A-Z ]*PRIVATE KEY-----)/

const looksSecret = (parameter: string, value: string): boolean =>
  SECRET_NAME.test(parameter) || SECRET_VALUE.test(value.trim())
