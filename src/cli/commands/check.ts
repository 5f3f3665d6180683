/** `crossdock check`: reads the fleet file, synthesizes it, and says what is wrong. */
import { renderTemplate } from '../../synth/index.ts'
import type { Command } from '../command.ts'
import { FLEET_OPTION, workspaceOf } from '../workspace.ts'

export const check: Command = {
  options: [FLEET_OPTION],
  run: async (invocation) => {
    const { terminal, options } = invocation
    const { fleet, assembly } = await workspaceOf(invocation)
    const stacks = assembly.waves.flat()
    const facts = {
      fleet: fleet.name,
      pipelines: assembly.pipelines.length,
      stacks: stacks.length,
      waves: assembly.waves.length,
      accounts: new Set(stacks.map((stack) => stack.target.account)).size,
      regions: new Set(stacks.map((stack) => stack.target.region)).size,
      permissions: assembly.pipelines.reduce((sum, one) => sum + one.needs.length, 0),
      largestTemplate: Math.max(
        0,
        ...stacks.map((stack) => Buffer.byteLength(renderTemplate(stack.template))),
      ),
    }
    if (options.json) terminal.print(JSON.stringify(facts, null, 2))
    else
      terminal.print(
        `${terminal.colors.green('✔')} ${fleet.name}: ${facts.pipelines} pipelines, ${facts.stacks} stacks in ${facts.waves} waves, ` +
          `${facts.accounts} accounts, ${facts.regions} regions, ${facts.permissions} permissions needed, largest template ${facts.largestTemplate} bytes`,
      )
    return 0
  },
}
