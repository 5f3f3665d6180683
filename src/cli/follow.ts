/** Follows one execution to its end: shows it, asks at approvals, shows the end of a failed build's log. */

import { setTimeout as sleep } from 'node:timers/promises'
import { CodePipelineClient } from '@aws-sdk/client-codepipeline'
import {
  answerApprovals,
  buildLog,
  declarationOf,
  denialsOf,
  type ExecutionState,
  executionState,
  pendingChanges,
  policyPlaces,
  waitingApprovals,
} from '../operate/index.ts'
import type { Terminal } from './terminal.ts'
import { printChanges } from './view/changes.ts'
import { printDenials } from './view/denials.ts'
import { PipelineView } from './view/pipeline-view.ts'
import type { Workspace } from './workspace.ts'

export interface FollowOptions {
  /** Decides an approval; it gets the terminal to itself meanwhile. */
  readonly decide: () => Promise<{ approved: boolean; summary: string }>
  /** Milliseconds between two looks. */
  readonly interval: number
}

const ENDED = ['Succeeded', 'Failed', 'Stopped', 'Superseded', 'Cancelled']
const LOG_TAIL = 40

/** Resolves with the execution's last state. */
export async function follow(
  workspace: Workspace,
  terminal: Terminal,
  pipeline: string,
  execution: string,
  options: FollowOptions,
): Promise<ExecutionState> {
  const { hub } = workspace.fleet
  const client = await workspace.accounts.client(CodePipelineClient, hub)
  const declaration = await declarationOf(client, pipeline)
  const view = new PipelineView(terminal)
  const answered = new Set<string>()
  try {
    for (;;) {
      const state = await executionState(client, declaration, hub, execution)
      if (!state) throw new Error(`the execution ${execution} of ${pipeline} is gone`)
      view.show(state)
      if (ENDED.includes(state.status)) {
        view.end()
        await explainFailures(workspace, terminal, state)
        return state
      }
      const open = waitingApprovals(state).filter(({ action }) => !answered.has(action.approvalToken!))
      if (open.length) {
        view.end()
        terminal.print(terminal.colors.bold('  What this would change:'))
        printChanges(terminal, await pendingChanges(workspace.accounts, state))
        await answerApprovals(client, state, await options.decide())
        for (const { action } of open) answered.add(action.approvalToken!)
      }
      await sleep(options.interval)
    }
  } finally {
    view.end()
  }
}

async function explainFailures(
  workspace: Workspace,
  terminal: Terminal,
  state: ExecutionState,
): Promise<void> {
  const places = policyPlaces(workspace.assembly)
  const failed = state.stages.flatMap(({ actions }) => actions.filter(({ status }) => status === 'Failed'))
  const told = await denialsOf(workspace.accounts.endpoint, failed)
  for (const stage of state.stages)
    for (const action of stage.actions.filter((one) => failed.includes(one))) {
      terminal.print(
        terminal.colors.red(`${stage.name} / ${action.name} failed: ${action.error?.message ?? ''}`),
      )
      printDenials(terminal, told.get(action.id ?? '') ?? [], {
        said: action.error?.message,
        places,
        indent: '  ',
      })
      const lines = (await buildLog(workspace.accounts, action)) ?? []
      for (const line of lines.slice(-LOG_TAIL)) terminal.print(`  ${line}`)
    }
}
