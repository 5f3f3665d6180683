/** Follows one execution to its end, as a stream of what becomes of it. */
import { setTimeout as rest } from 'node:timers/promises'
import { CodePipelineClient } from '@aws-sdk/client-codepipeline'
import { FleetError } from '../model/index.ts'
import { type WaitingApproval, waitingApprovals } from './approve.ts'
import { buildLog } from './build-log.ts'
import { type Denial, denialsOf, withPlaces } from './denials.ts'
import { actionsOf } from './execution.ts'
import { declarationOf } from './executions.ts'
import type { LiveFleet } from './live-fleet.ts'
import { type PendingChanges, pendingChanges } from './pending-changes.ts'
import { type ActionState, type ExecutionState, executionState } from './pipeline-state.ts'
import { type PolicyPlaces, policyPlaces } from './policy-places.ts'

export type FollowEvent =
  /** It stands otherwise than when it was last told of. */
  | { readonly type: 'state'; readonly state: ExecutionState }
  /** Approvals wait that did not before; `changes` is what they are about. */
  | {
      readonly type: 'approval'
      readonly state: ExecutionState
      readonly waiting: readonly WaitingApproval[]
      readonly changes: readonly PendingChanges[]
    }
  /** Once it has ended, for each action that failed. */
  | {
      readonly type: 'failed'
      readonly stage: string
      readonly action: ActionState
      readonly denials: readonly Denial[]
      /** The end of its build's log; empty where it started none. */
      readonly log: readonly string[]
      /** Why denials are not told, where they are not. */
      readonly trouble?: FleetError
    }
  /** The last of all. */
  | { readonly type: 'ended'; readonly state: ExecutionState }

export interface FollowOptions {
  /** Milliseconds between two looks. */
  readonly interval: number
  /** Finds where the policies stand that denied something; without it only those of the fleet itself are found. */
  readonly places?: PolicyPlaces
  /** Ends it; nothing more is told then. */
  readonly until?: AbortSignal
  readonly sleep?: (milliseconds: number, until: AbortSignal | undefined) => Promise<void>
}

export const ENDED = ['Succeeded', 'Failed', 'Stopped', 'Superseded', 'Cancelled']
const LOG_TAIL = 40

/**
 * Gives what becomes of an execution until it has ended. It waits for whoever reads it: an approval can be answered before
 * the next look, and is told of once in any case. Errors: FleetError where the execution is gone, AWS's.
 */
export async function* follow(
  fleet: LiveFleet,
  pipeline: string,
  id: string,
  { interval, until, sleep = sleepUntil, places }: FollowOptions,
): AsyncGenerator<FollowEvent, void, undefined> {
  const client = await fleet.accounts.client(CodePipelineClient, fleet.hub)
  const declaration = await declarationOf(client, pipeline)
  const told = new Set<string>()
  let last: string | undefined
  while (!until?.aborted) {
    const state = await executionState(client, declaration, fleet.hub, id)
    if (!state) throw new FleetError(`the execution ${id} of ${pipeline} is gone`)
    const now = JSON.stringify(state)
    if (now !== last) yield { type: 'state', state }
    last = now
    if (ENDED.includes(state.status)) {
      yield* failuresOf(fleet, state, places ?? policyPlaces(fleet.assembly))
      return yield { type: 'ended', state }
    }
    const waiting = waitingApprovals(state).filter(({ action }) => !told.has(action.approvalToken!))
    if (waiting.length) {
      for (const { action } of waiting) told.add(action.approvalToken!)
      yield { type: 'approval', state, waiting, changes: await pendingChanges(fleet.accounts, state) }
      // Whoever was asked meanwhile is shown again how it stands.
      last = undefined
    }
    await sleep(interval, until)
  }
}

export const sleepUntil = (milliseconds: number, signal: AbortSignal | undefined): Promise<void> =>
  rest(milliseconds, undefined, { signal }).catch(() => undefined)

async function* failuresOf(
  { accounts }: LiveFleet,
  state: ExecutionState,
  places: PolicyPlaces,
): AsyncGenerator<FollowEvent, void, undefined> {
  const failed = actionsOf(state).filter(({ action }) => action.status === 'Failed')
  const { of, trouble } = await denialsOf(
    accounts.endpoint,
    failed.map(({ action }) => action),
  )
  for (const { stage, action } of failed) {
    const denials = await withPlaces(of.get(action.id ?? '') ?? [], places, accounts)
    const log = ((await buildLog(accounts, action)) ?? []).slice(-LOG_TAIL)
    yield { type: 'failed', stage, action, denials, log, ...(trouble && { trouble }) }
  }
}
