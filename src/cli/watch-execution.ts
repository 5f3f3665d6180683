/** Following one execution at the command line, to its end. */
import { userInfo } from 'node:os'
import type { Answer, ExecutionState } from '../operate/index.ts'
import type { Invocation } from './command.ts'
import { followAndShow } from './follow-and-show.ts'
import type { Choice } from './terminal.ts'
import type { Workspace } from './workspace.ts'

/** Milliseconds between two looks: AWS's quota of calls is shared by everybody in the account. */
const LOOK_INTERVAL = 2000
/** On this machine nobody else is kept from it. */
const LOCAL_INTERVAL = 100

const CHOICES: readonly Choice<'approve' | 'reject' | 'later'>[] = [
  { value: 'approve', label: 'approve' },
  { value: 'reject', label: 'reject' },
  { value: 'later', label: 'decide later, here or elsewhere' },
]

/** Milliseconds between two looks at a pipeline. */
export const lookInterval = ({ accounts }: Pick<Workspace, 'accounts'>): number =>
  accounts.endpoint ? LOCAL_INTERVAL : LOOK_INTERVAL

/**
 * Shows an execution until it has ended, and gives the exit status: 1 where it did not succeed. Approvals are asked
 * about at a terminal; without one, and where they are put off, it says how to answer and waits for others to.
 */
export async function watchExecution(
  workspace: Workspace,
  { terminal, options }: Pick<Invocation, 'terminal' | 'options'>,
  of: { readonly pipeline: string; readonly execution: string },
): Promise<number> {
  const decide = async (state: ExecutionState): Promise<Answer | undefined> => {
    const summary = `answered by ${userInfo().username} while watching`
    const choice = terminal.interactive ? await terminal.choose('It asks for approval', CHOICES) : 'later'
    if (choice !== 'later') return { approved: choice === 'approve', summary }
    const { pipeline, id } = state
    terminal.print(
      `  answer with "crossdock approve ${pipeline} --execution ${id}", or reject; waiting for that`,
    )
    return undefined
  }
  const interval = lookInterval(workspace)
  const state = await followAndShow(workspace, terminal, of, { decide, interval })
  if (options.json) terminal.print(JSON.stringify(state))
  return state.status === 'Succeeded' ? 0 : 1
}
