/** One execution of a fleet's pipeline, looked up where it lives, with what the embedded cloud knows of it besides. */
import { CodePipelineClient } from '@aws-sdk/client-codepipeline'
import { FleetError } from '../model/index.ts'
import type { BuildReport } from './build-log.ts'
import type { Denial } from './denials.ts'
import { declarationOf } from './executions.ts'
import type { LiveFleet } from './live-fleet.ts'
import { type ActionState, type ExecutionState, executionState, newestState } from './pipeline-state.ts'
import type { RecordedResource } from './recorded-resources.ts'

/** Where pipelines are, and the way there. */
export type Home = Pick<LiveFleet, 'accounts' | 'hub'>

/** Both by `stage/action`: denials of failed actions, resources that the embedded cloud only recorded. */
export type DetailedExecution = ExecutionState & {
  readonly recorded: Readonly<Record<string, readonly RecordedResource[]>>
  /** What builds reported of their tests. */
  readonly reports: Readonly<Record<string, readonly BuildReport[]>>
  readonly denials: Readonly<Record<string, readonly Denial[]>>
}

/** Gives the newest execution of a pipeline, or the one with the id; undefined when it never ran. Errors: AWS's. */
export async function execution(
  { accounts, hub }: Home,
  pipeline: string,
  { id }: { id?: string | undefined } = {},
): Promise<ExecutionState | undefined> {
  const client = await accounts.client(CodePipelineClient, hub)
  return id
    ? executionState(client, await declarationOf(client, pipeline), hub, id)
    : newestState(client, pipeline, hub)
}

/** As `execution`, for what needs one. Errors: FleetError where the pipeline has not run yet. */
export async function startedExecution(home: Home, pipeline: string, id?: string): Promise<ExecutionState> {
  const state = await execution(home, pipeline, { id })
  if (state) return state
  throw new FleetError(`${pipeline} has not run yet`, { fix: `start it with "crossdock start ${pipeline}"` })
}

/** An action with the stage that it stands in. */
export interface PlacedAction {
  readonly stage: string
  readonly action: ActionState
}

/** Every action, in the pipeline's order. */
export const actionsOf = ({ stages }: Pick<ExecutionState, 'stages'>): PlacedAction[] =>
  stages.flatMap(({ name, actions }) => actions.map((action) => ({ stage: name, action })))
