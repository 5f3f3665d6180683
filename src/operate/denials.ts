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

interface TrailLine {
  readonly action: string
  readonly resource: string
  readonly principal: string
  readonly decision: { readonly message: string }
  readonly denial: Pick<Denial, 'saidNo' | 'close' | 'remedies'>
}

/**
 * Gives what was denied in the course of an action, oldest first, each once. On AWS (no endpoint) there is nothing to
 * give.
 */
export async function denialsOf(endpoint: string | undefined, { id }: ActionState): Promise<Denial[]> {
  if (!endpoint || id === undefined) return []
  const response = await fetch(`${endpoint}/_crossdock/trail?denied&cause=${encodeURIComponent(id)}`).catch(
    () => undefined,
  )
  if (!response?.ok) return []
  const lines = (await response.text()).split('\n').filter(Boolean)
  const seen = new Map<string, Denial>()
  for (const line of lines) {
    const { action, resource, principal, decision, denial } = JSON.parse(line) as TrailLine
    const { message } = decision
    const { saidNo, close } = denial
    const remedies = denial.remedies.map(forEveryRun)
    seen.set(`${principal} ${action} ${resource}`, {
      action,
      resource,
      principal,
      message,
      saidNo,
      close,
      remedies,
    })
  }
  return [...seen.values()]
}

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
