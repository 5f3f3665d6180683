/** `crossdock synth`: writes the CloudFormation templates. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { renderTemplate } from '../../synth/index.ts'
import type { Command } from '../command.ts'
import { FLEET_OPTION, workspaceOf } from '../workspace.ts'

export const synth: Command = {
  options: [
    FLEET_OPTION,
    { flags: '-o, --output <folder>', description: 'where to write them', default: 'crossdock.out' },
  ],
  examples: ['synth', 'synth --output templates'],
  run: async (invocation) => {
    const { terminal, options } = invocation
    const { assembly } = await workspaceOf(invocation)
    const folder = String(options.output)
    const written: { wave: number; stack: string; account: string; region: string; file: string }[] = []
    await mkdir(folder, { recursive: true })
    for (const [index, stacks] of assembly.waves.entries())
      for (const stack of stacks) {
        const { account, region } = stack.target
        const file = join(
          folder,
          `wave-${index + 1}.${stack.environment}.${account}.${region}.${stack.name}.json`,
        )
        await writeFile(file, `${renderTemplate(stack.template)}\n`)
        written.push({ wave: index + 1, stack: stack.name, account, region, file })
      }
    if (options.json) terminal.print(JSON.stringify(written, null, 2))
    else for (const { wave, file } of written) terminal.print(`wave ${wave}  ${file}`)
    return 0
  },
}
