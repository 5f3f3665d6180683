/** `crossdock status`: how the pipelines stand. */

import { CodePipelineClient } from '@aws-sdk/client-codepipeline'
import { entryOf } from '../../model/index.ts'
import {
  type Denial,
  declarationOf,
  denialsOf,
  type ExecutionState,
  executionState,
  executions,
  type RecordedResource,
  recordedResources,
  waitingApprovals,
} from '../../operate/index.ts'
import type { Command } from '../command.ts'
import { type PolicyPlaces, policyPlaces } from '../policy-places.ts'
import type { Terminal } from '../terminal.ts'
import { printDenials } from '../view/denials.ts'
import { formatAction } from '../view/pipeline-view.ts'
import { choosePipeline, FLEET_OPTION, type Workspace, workspaceOf } from '../workspace.ts'

/** The newest execution of a pipeline, or the one with the id; undefined when it never ran. */
export async function stateOf(
  workspace: Workspace,
  pipeline: string,
  id?: string,
): Promise<ExecutionState | undefined> {
  const { hub } = workspace.fleet
  const client = await workspace.accounts.client(CodePipelineClient, hub)
  const wanted = id ?? (await executions(client, pipeline))[0]?.pipelineExecutionId
  if (!wanted) return undefined
  return executionState(client, await declarationOf(client, pipeline), hub, wanted)
}

export const status: Command = {
  arguments: [{ flags: '[pipeline]', description: 'the pipeline' }],
  options: [FLEET_OPTION, { flags: '--execution <id>', description: 'an older execution' }],
  run: async (invocation) => {
    const { terminal, options } = invocation
    const workspace = await workspaceOf(invocation)
    const [named] = invocation.arguments
    const ids = named ? [choosePipeline(workspace, named)] : workspace.fleet.pipelines.map((one) => one.id)
    const execution = typeof options.execution === 'string' ? options.execution : undefined
    const found: { id: string; state?: DetailedState }[] = []
    for (const id of ids) {
      const state = await stateOf(workspace, id, execution)
      found.push({ id, state: state && (await withDetails(workspace, state)) })
    }
    workspace.accounts.close()
    if (options.json)
      terminal.print(
        JSON.stringify(
          found.flatMap(({ state }) => state ?? []),
          null,
          2,
        ),
      )
    else for (const { id, state } of found) print(terminal, id, state, policyPlaces(workspace.assembly))
    return 0
  },
}

/** An execution with what the embedded cloud knows besides: denials of failed actions, resources it only recorded. */
type DetailedState = ExecutionState & {
  readonly denials: Readonly<Record<string, readonly Denial[]>>
  readonly recorded: Readonly<Record<string, readonly RecordedResource[]>>
}

async function withDetails({ accounts }: Workspace, state: ExecutionState): Promise<DetailedState> {
  const denials: Record<string, readonly Denial[]> = {}
  const recorded: Record<string, readonly RecordedResource[]> = {}
  for (const stage of state.stages)
    for (const action of stage.actions) {
      const key = `${stage.name}/${action.name}`
      if (action.error) denials[key] = await denialsOf(accounts.endpoint, action)
      const resources = await recordedResources(accounts, action)
      if (resources.length) recorded[key] = resources
    }
  return { ...state, denials, recorded }
}

function print(terminal: Terminal, id: string, state: DetailedState | undefined, places: PolicyPlaces): void {
  const { colors } = terminal
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
