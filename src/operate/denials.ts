/** Why an action on the embedded cloud was denied: the cloud's own record of its decisions. AWS keeps no such record. */
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
}

interface TrailLine {
  readonly time: number
  readonly action: string
  readonly resource: string
  readonly principal: string
  readonly decision: { readonly effect: string; readonly message: string }
}

/**
 * Gives what was denied while an action ran, oldest first, each once. On AWS (no endpoint) there is nothing to give.
 */
export async function denialsOf(endpoint: string | undefined, action: ActionState): Promise<Denial[]> {
  if (!endpoint || action.started === undefined) return []
  const response = await fetch(`${endpoint}/_crossdock/trail?denied`).catch(() => undefined)
  if (!response?.ok) return []
  const from = action.started
  const to = action.ended ?? Number.POSITIVE_INFINITY
  const lines = (await response.text()).split('\n').filter(Boolean)
  const entries = lines
    .map((line) => JSON.parse(line) as TrailLine)
    .filter(({ time }) => time >= from && time <= to)
  const seen = new Map<string, Denial>()
  for (const { action: name, resource, principal, decision } of entries)
    seen.set(`${principal} ${name} ${resource}`, {
      action: name,
      resource,
      principal,
      message: decision.message,
    })
  return [...seen.values()]
}
