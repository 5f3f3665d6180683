/** `crossdock deploy`: brings the fleet's stacks into their accounts. */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type DeployEvent, deploy as deployAssembly, type Listener } from '../../deploy/index.ts'
import { renderTemplate } from '../../synth/index.ts'
import type { Command } from '../command.ts'
import type { Terminal } from '../terminal.ts'
import { DeployView } from '../view/deploy-view.ts'
import { FLEET_OPTION, type Workspace, workspaceOf } from '../workspace.ts'

/** Milliseconds between two looks: AWS throttles DescribeStacks, an embedded cloud does not mind. */
const interval = (embedded: boolean): number => (embedded ? 60 : 3000)

/** Deploys a workspace and shows it. Errors: DeploymentFailure. */
export async function deployAndShow(
  workspace: Workspace,
  terminal: Terminal,
  also?: Listener,
): Promise<void> {
  const view = new DeployView(terminal)
  try {
    await deployAssembly(workspace.assembly, {
      accounts: workspace.accounts,
      render: (stack) => renderTemplate(stack.template),
      listener: (event) => {
        view.listener(event)
        also?.(event)
      },
      pace: { interval: interval(workspace.accounts.endpoint !== undefined), sleep: (ms) => sleep(ms) },
      now: Date.now,
      token: randomUUID(),
    })
  } finally {
    view.end()
  }
}

export const deploy: Command = {
  options: [FLEET_OPTION],
  run: async (invocation) => {
    const { terminal, options } = invocation
    const workspace = await workspaceOf(invocation)
    const done: { stack: string; account: string; region: string; outcome: string }[] = []
    const gather = (event: DeployEvent) => {
      if (event.type === 'stack-done')
        done.push({ stack: event.stack.name, ...event.stack.target, outcome: event.outcome })
    }
    try {
      await deployAndShow(workspace, options.json ? quiet(terminal) : terminal, gather)
    } finally {
      workspace.accounts.close()
    }
    if (options.json) terminal.print(JSON.stringify(done, null, 2))
    return 0
  },
}

/** A terminal that prints nothing, for `--json`. */
export const quiet = (terminal: Terminal): Terminal => ({
  ...terminal,
  interactive: false,
  print: () => undefined,
  draw: () => undefined,
})
