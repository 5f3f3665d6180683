/** `crossdock status`: how the pipelines stand. */

import { CodePipelineClient } from '@aws-sdk/client-codepipeline'
import { entryOf, type PipelineDeclaration } from '../../model/index.ts'
import {
  type ActionState,
  type Denial,
  declarationOf,
  denialsOf,
  type ExecutionState,
  executionState,
  newestState,
  type PolicyPlaces,
  policyPlaces,
  type RecordedResource,
  recordedResources,
  waitingApprovals,
} from '../../operate/index.ts'
import type { Command } from '../command.ts'
import { describeError } from '../describe-error.ts'
import { sideBySide } from '../side-by-side.ts'
import type { Terminal } from '../terminal.ts'
import { printDenials } from '../view/denials.ts'
import { formatAction } from '../view/pipeline-view.ts'
import { choosePipeline, FLEET_OPTION, type Workspace, workspaceOf } from '../workspace.ts'

/** The newest execution of a pipeline, or the one with the id; undefined when it never ran. */
export async function stateOf(
  { fleet: { hub }, accounts }: Workspace,
  pipeline: string,
  { id, expected }: { id?: string; expected?: PipelineDeclaration } = {},
): Promise<ExecutionState | undefined> {
  const client = await accounts.client(CodePipelineClient, hub)
  return id
    ? executionState(client, await declarationOf(client, pipeline), hub, id)
    : newestState(client, pipeline, hub, expected)
}

/** Pipelines that are looked at side by side: more gain nothing, and AWS throttles by account. */
const WIDTH = 16

export const status: Command = {
  arguments: [{ flags: '[pipeline]', description: 'the pipeline' }],
  options: [FLEET_OPTION, { flags: '--execution <id>', description: 'an older execution' }],
  run: async (invocation) => {
    const { terminal, options } = invocation
    const workspace = await workspaceOf(invocation)
    const [named] = invocation.arguments
    const ids = named ? [choosePipeline(workspace, named)] : workspace.fleet.pipelines.map((one) => one.id)
    const older = typeof options.execution === 'string' ? options.execution : undefined
    const declared = new Map(workspace.assembly.pipelines.map(({ id, declaration }) => [id, declaration]))
    if (ids.length > 1) await workspace.accounts.verify(workspace.fleet.hub)
    const found = await sideBySide(ids, WIDTH, (id) =>
      lookAt(workspace, id, { id: older, ...(!named && { expected: declared.get(id) }) }),
    )
    const failures = found.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))
    // What stands in the way of all is told once.
    if (failures.length === ids.length && new Set(failures.map(String)).size === 1) throw failures[0]
    const looks = await withDenials(workspace, ids, found)
    workspace.accounts.close()
    if (options.json) terminal.print(JSON.stringify(looks.flatMap(documentOf), null, 2))
    else {
      const places = policyPlaces(workspace.assembly)
      for (const look of looks) print(terminal, look, places)
    }
    return failures.length ? 1 : 0
  },
}

interface Look {
  readonly id: string
  /** Absent when the pipeline has not run yet. */
  readonly state?: DetailedState
  /** Why nothing is known of the pipeline. */
  readonly error?: unknown
}

/** An execution with what the embedded cloud knows besides: denials of failed actions, resources it only recorded. */
type DetailedState = ExecutionState & {
  readonly denials: Readonly<Record<string, readonly Denial[]>>
  readonly recorded: Readonly<Record<string, readonly RecordedResource[]>>
}

type RecordingState = Omit<DetailedState, 'denials'>

async function lookAt(
  workspace: Workspace,
  id: string,
  options: { id?: string; expected?: PipelineDeclaration },
): Promise<RecordingState | undefined> {
  const state = await stateOf(workspace, id, options)
  if (!state) return undefined
  const recorded: Record<string, readonly RecordedResource[]> = {}
  for (const [key, action] of actionsOf(state)) {
    const resources = await recordedResources(workspace.accounts, action)
    if (resources.length) recorded[key] = resources
  }
  return { ...state, recorded }
}

/** Asks once for the denials of all failed actions. */
async function withDenials(
  { accounts }: Workspace,
  ids: readonly string[],
  found: readonly PromiseSettledResult<RecordingState | undefined>[],
): Promise<Look[]> {
  const failed = found
    .flatMap((one) => (one.status === 'fulfilled' && one.value ? actionsOf(one.value) : []))
    .flatMap(([, action]) => (action.error ? [action] : []))
  const told = await denialsOf(accounts.endpoint, failed)
  return found.map((one, index): Look => {
    const id = ids[index]!
    if (one.status === 'rejected') return { id, error: one.reason }
    if (!one.value) return { id }
    const denials = actionsOf(one.value)
      .filter(([, action]) => action.error)
      .map(([key, action]) => [key, told.get(action.id ?? '') ?? []])
    return { id, state: { ...one.value, denials: Object.fromEntries(denials) } }
  })
}

const actionsOf = ({ stages }: Pick<ExecutionState, 'stages'>): [key: string, ActionState][] =>
  stages.flatMap(({ name, actions }) =>
    actions.map((action): [string, ActionState] => [`${name}/${action.name}`, action]),
  )

/** What `--json` says of a pipeline: nothing of one that has not run yet. */
function documentOf({ id, state, error }: Look): unknown[] {
  if (error === undefined) return state ? [state] : []
  const { name, message } = error instanceof Error ? error : new Error(String(error))
  return [{ pipeline: id, error: { name, message } }]
}

function print(terminal: Terminal, { id, state, error }: Look, places: PolicyPlaces): void {
  const { colors } = terminal
  if (error !== undefined) return terminal.print(`${colors.bold(id)}  ${describeError(error, terminal)}`)
  if (!state) return terminal.print(`${colors.bold(id)} has not run yet`)
  const revision = state.revision ? `  ${state.revision.id.slice(0, 8)} ${state.revision.summary ?? ''}` : ''
  terminal.print(`${colors.bold(id)}  ${state.status}${colors.dim(`  ${state.id}${revision}`)}`)
  for (const stage of state.stages) {
    terminal.print(`  ${colors.bold(stage.name)}`)
    for (const action of stage.actions) {
      terminal.print(`    ${formatAction(action, terminal, Date.now())}`)
      const key = `${stage.name}/${action.name}`
      printDenials(terminal, entryOf(state.denials, key) ?? [], {
        said: action.error?.message,
        places,
        indent: '      ',
      })
      for (const { logicalId, type } of entryOf(state.recorded, key) ?? [])
        terminal.print(
          colors.dim(`      recorded only: ${logicalId} ${type} (the embedded cloud has no such service)`),
        )
    }
  }
  if (waitingApprovals(state).length)
    terminal.print(`answer with "crossdock approve ${id}" or "crossdock reject ${id}"`)
}
