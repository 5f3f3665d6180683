/** Why an action on the embedded cloud was denied: the cloud's own record of its decisions. AWS keeps no such record. */
import * as z from 'zod/mini'
import type { Origin } from '../access/index.ts'
import type { Accounts } from '../aws/index.ts'
import { FleetError, type PolicyRef, type PolicyStatement, type StatementRef } from '../model/index.ts'
import type { ActionState } from './pipeline-state.ts'
import type { PolicyPlaces } from './policy-places.ts'

/** One denied call, as the embedded cloud's trail tells it. */
export interface Denial {
  /** `service:Action`. */
  readonly action: string
  readonly resource: string
  /** The role's ARN, or whoever called. */
  readonly principal: string
  /** The condition keys that the call carried. */
  readonly context?: Readonly<Record<string, string | readonly string[]>>
  /** AWS's sentence. */
  readonly message: string
  /** The policy that said no, or its statement. */
  readonly by?: PolicyRef | StatementRef
  /** The same in words. */
  readonly saidNo: string
  /** Statements that came close, and what keeps each from matching. */
  readonly close: readonly string[]
  readonly remedies: readonly DenialRemedy[]
}

/** A change that the call needs to be allowed. */
export interface DenialRemedy {
  /** The policy to change. */
  readonly at?: PolicyRef
  /** The same in words. */
  readonly belongsIn: string
  /** Where that policy stands among the fleet's templates: what `withPlaces` adds for those that the fleet made. */
  readonly origin?: Origin
  /** To be added; absent where something must be changed instead. */
  readonly statement?: PolicyStatement
  readonly advice: string
}

/** What the cloud tells of denied calls. */
export interface ToldDenials {
  /** By the execution id of the action in whose course each was called. */
  readonly of: ReadonlyMap<string, readonly Denial[]>
  /** Why nothing is known of them, though something may have been denied. */
  readonly trouble?: FleetError
}

/**
 * Gives what was denied in the course of actions, each call once; one request for all of them. On AWS (no endpoint), and
 * at an emulator that keeps no such record, there is nothing to give.
 */
export async function denialsOf(
  endpoint: string | undefined,
  actions: readonly ActionState[],
): Promise<ToldDenials> {
  const ids = actions.flatMap(({ id }) => id ?? [])
  if (!endpoint || !ids.length) return { of: new Map() }
  try {
    const text = await ask(`${endpoint}/_crossdock/denials${queryOf(ids)}`)
    return { of: text === undefined ? new Map() : byCause(text) }
  } catch (error) {
    if (!(error instanceof Error)) throw error
    const trouble = new FleetError(
      `the embedded cloud at ${endpoint} does not tell what it denied: ${error.message}`,
      { fix: 'run the cloud and the commands with the same version of Crossdock' },
    )
    return { of: new Map(), trouble }
  }
}

/** Milliseconds until an answer must be there: it is at most some megabytes, from this machine. */
const PATIENCE = 20_000

/** Gives the answer's text; undefined where nobody keeps a record. */
async function ask(url: string): Promise<string | undefined> {
  const response = await fetch(url, { signal: AbortSignal.timeout(PATIENCE) })
  if (response.ok) return response.text()
  await response.body?.cancel()
  if (response.status === 404) return undefined
  throw new Error(`it answers HTTP ${response.status}`)
}

const statement = z.custom<PolicyStatement>(
  (value) => typeof value === 'object' && value !== null && /^(Allow|Deny)$/.test(effectOf(value)),
  'no statement of a policy',
)
const effectOf = (value: object): string => String((value as { Effect?: unknown }).Effect)

/** Of what a policy is told by, only what tells them apart is looked at. */
const ref = z.custom<PolicyRef>(
  (value) => typeof value === 'object' && value !== null && 'kind' in value && 'owner' in value,
  'no reference to a policy',
)

const remedy = z.looseObject({
  at: z.optional(ref),
  belongsIn: z.string(),
  statement: z.optional(statement),
  advice: z.string(),
})

const line = z.looseObject({
  cause: z.string(),
  action: z.string(),
  resource: z.string(),
  principal: z.string(),
  context: z.optional(z.record(z.string(), z.union([z.string(), z.array(z.string())]))),
  message: z.string(),
  saidNo: z.string(),
  close: z.array(z.string()),
  remedies: z.array(remedy),
})

/** Reads JSON lines. Errors: Error with the line that is none, or whose value is no denial, and why. */
function byCause(text: string): Map<string, Denial[]> {
  const found = new Map<string, Denial[]>()
  for (const [index, one] of text.split('\n').entries()) {
    if (!one) continue
    const { cause, remedies, ...denial } = read(one, index + 1)
    const told = found.get(cause) ?? []
    found.set(cause, told)
    told.push({ ...denial, remedies: remedies.map(forEveryRun) })
  }
  return found
}

function read(text: string, number: number): Denial & { readonly cause: string } {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new Error(`line ${number} of its answer is no JSON`)
  }
  const { error } = line.safeParse(value, { error: z.locales.en().localeError })
  // As the cloud wrote it: what is parsed stands in the schema's order.
  if (!error) return value as Denial & { readonly cause: string }
  const [{ path, message }] = error.issues as [z.core.$ZodIssue]
  throw new Error(
    `line ${number} of its answer is no denial: ${[path.join('.'), message].filter(Boolean).join(': ')}`,
  )
}

/** More than these make a longer address than servers take: then the denials of all are asked for. */
const NAMED = 100

const queryOf = (ids: readonly string[]): string =>
  ids.length > NAMED ? '' : `?${ids.map((id) => `cause=${encodeURIComponent(id)}`).join('&')}`

/**
 * Gives a remedy that also helps the next run: for all objects of the artifact, not for this run's only.
 * AWS: the last part of an artifact's key is made up for every run.
 */
function forEveryRun({ statement, ...remedy }: DenialRemedy): DenialRemedy {
  if (!statement) return remedy
  const resource = statement.Resource
  return typeof resource === 'string' && ARTIFACT.test(resource)
    ? { ...remedy, statement: { ...statement, Resource: resource.replace(/[^/]+$/, '*') } }
    : { ...remedy, statement }
}

/** An object at `<pipeline>/<artifact>/<made up>`. */
const ARTIFACT = /^arn:[\w-]+:s3:::[^/]+\/[^/]{1,20}\/[^/]{1,10}\/[A-Za-z0-9]{7}(\.zip)?$/

/**
 * Gives denials whose remedies say where the policy to change stands, for those that the fleet made. Where the stack of the
 * policy was deployed from an older template, and the present one allows the call, deploying is all that there is to do.
 */
export const withPlaces = (
  denials: readonly Denial[],
  places: PolicyPlaces,
  accounts: Pick<Accounts, 'client'>,
): Promise<Denial[]> =>
  Promise.all(
    denials.map(async (denial) => {
      const remedies = denial.remedies.map((remedy) => ({ ...remedy, origin: places(remedy.at) }))
      const [first] = remedies
      const origins = remedies.map(({ origin }) => origin)
      if (!first || !(await places.areOutdated?.(denial, origins, accounts))) return { ...denial, remedies }
      const { at, belongsIn, origin } = first
      return { ...denial, remedies: [{ at, belongsIn, origin, advice: OUTDATED }] }
    }),
  )

const OUTDATED =
  'run `crossdock deploy`: what is deployed is older than the fleet file and its templates, which allow this'
