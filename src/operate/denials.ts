/** Why an action on the embedded cloud was denied: the cloud's own record of its decisions. AWS keeps no such record. */
import type { PolicyStatement } from '../model/index.ts'
import type { ActionState } from './pipeline-state.ts'

/** One denied call, as the embedded cloud's trail tells it. */
export interface Denial {
  /** `service:Action`. */
  readonly action: string
  readonly resource: string
  /** The role's ARN, or whoever called. */
  readonly principal: string
  /** AWS's sentence. */
  readonly message: string
  /** The policy that said no. */
  readonly saidNo: string
  /** Statements that came close, and what keeps each from matching. */
  readonly close: readonly string[]
  readonly remedies: readonly DenialRemedy[]
}

/** A change that the call needs to be allowed. */
export interface DenialRemedy {
  /** The policy to change, in words. */
  readonly belongsIn: string
  /** To be added; absent where something must be changed instead. */
  readonly statement?: PolicyStatement
  readonly advice: string
}

/**
 * Gives what was denied in the course of actions, each call once, by the action's execution id; one request for all of
 * them. On AWS (no endpoint) there is nothing to give.
 */
export async function denialsOf(
  endpoint: string | undefined,
  actions: readonly ActionState[],
): Promise<ReadonlyMap<string, readonly Denial[]>> {
  const found = new Map<string, Denial[]>()
  const ids = actions.flatMap(({ id }) => id ?? [])
  if (!endpoint || !ids.length) return found
  const response = await fetch(`${endpoint}/_crossdock/denials${queryOf(ids)}`).catch(() => undefined)
  if (!response?.ok) return found
  for (const line of (await response.text()).split('\n').filter(Boolean)) {
    const { cause, remedies, ...denial } = JSON.parse(line) as Denial & { cause: string }
    const told = found.get(cause) ?? []
    found.set(cause, told)
    told.push({ ...denial, remedies: remedies.map(forEveryRun) })
  }
  return found
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
