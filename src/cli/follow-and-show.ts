/** Shows one execution until it has ended: its stages live, what it would change where it asks, and why it failed. */
import {
  type Answer,
  answerWaiting,
  type ExecutionState,
  type FollowEvent,
  follow,
  policyPlaces,
} from '../operate/index.ts'
import { organizationIn } from './organization-input.ts'
import type { Terminal } from './terminal.ts'
import { printChanges } from './view/changes.ts'
import { printDenials, warnOfTrouble } from './view/denials.ts'
import { PipelineView } from './view/pipeline-view.ts'
import type { Workspace } from './workspace.ts'

export interface ShowOptions {
  /** Decides an approval, or leaves it to others; it gets the terminal to itself meanwhile. */
  readonly decide: (state: ExecutionState) => Promise<Answer | undefined>
  /** Milliseconds between two looks. */
  readonly interval: number
}

/** Resolves with the execution's last state. */
export async function followAndShow(
  workspace: Workspace,
  terminal: Terminal,
  { pipeline, execution }: { readonly pipeline: string; readonly execution: string },
  { decide, ...pace }: ShowOptions,
): Promise<ExecutionState> {
  const view = new PipelineView(terminal)
  try {
    const places = policyPlaces(workspace.assembly, organizationIn(workspace))
    for await (const event of follow(workspace, pipeline, execution, { ...pace, places })) {
      if (event.type === 'state') {
        view.show(event.state)
        continue
      }
      view.end()
      if (event.type === 'ended') return event.state
      if (event.type === 'failed') printFailed(event, terminal)
      else {
        terminal.print(terminal.colors.bold('  What this would change:'))
        printChanges(terminal, event.changes)
        const answer = await decide(event.state)
        if (answer) await answerWaiting(workspace, event.state, answer)
      }
    }
  } finally {
    view.end()
  }
  throw new Error(`following the execution ${execution} of ${pipeline} ended before it did`)
}

function printFailed(
  { stage, action, denials, log, trouble }: Extract<FollowEvent, { type: 'failed' }>,
  terminal: Terminal,
): void {
  const said = action.error?.message
  terminal.print(terminal.colors.red(`${stage} / ${action.name} failed: ${said ?? ''}`))
  warnOfTrouble(terminal, trouble)
  printDenials(terminal, denials, { said, indent: '  ' })
  for (const line of log) terminal.print(`  ${line}`)
}
