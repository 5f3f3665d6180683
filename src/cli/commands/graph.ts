/** `crossdock graph`: who acts as whom, who reads and writes which bucket with which key. */
import { writeFile } from 'node:fs/promises'
import { accessGraph, toMermaid, toSvg, toTree } from '../../access/index.ts'
import { APPLICATION_OPTION } from '../application-templates.ts'
import { type Command, UsageError } from '../command.ts'
import { ORGANIZATION_OPTIONS } from '../organization-input.ts'
import { TEMPLATES_OPTION } from '../placed-templates.ts'
import { type ProofInput, proofInputOf, proofOf } from '../proof-input.ts'
import { FLEET_OPTION, pipelineNamed } from '../workspace.ts'

const FORMATS = ['tree', 'mermaid', 'svg']

export const graph: Command = {
  arguments: [{ flags: '[pipeline]', description: 'only this pipeline' }],
  options: [
    FLEET_OPTION,
    TEMPLATES_OPTION,
    APPLICATION_OPTION,
    ...ORGANIZATION_OPTIONS,
    { flags: '--format <format>', description: 'tree, mermaid or svg', default: 'tree' },
    { flags: '-o, --output <file>', description: 'write it there instead of printing it' },
  ],
  examples: ['graph', 'graph shop --format svg --output shop.svg'],
  run: async (invocation) => {
    const { terminal, options } = invocation
    const format = String(options.format)
    if (!FORMATS.includes(format))
      throw new UsageError(`there is no format "${format}"; there are ${FORMATS.join(', ')}`)
    const input = await proofInputOf(invocation)
    const [named] = invocation.arguments
    const pipeline = named && (pipelineNamed(input.assembly?.pipelines ?? [], named) ?? named)
    const drawn = accessGraph(input.landscape, proofOf(input), pipeline)
    if (!drawn.nodes.length) throw new UsageError(`there is no pipeline "${named ?? ''}"`)
    const write = async (text: string) => {
      if (typeof options.output !== 'string') return terminal.print(text)
      await writeFile(options.output, `${text}\n`)
      terminal.print(options.output)
    }
    if (options.json) await write(JSON.stringify(drawn, null, 2))
    else if (format === 'mermaid') await write(toMermaid(drawn, accountNames(input)))
    else if (format === 'svg') await write(await toSvg(drawn, accountNames(input)))
    else if (typeof options.output === 'string')
      await write(
        toTree(drawn)
          .map(({ text }) => text)
          .join('\n'),
      )
    else
      for (const { text, failed } of toTree(drawn))
        terminal.print(failed ? terminal.colors.red(`${text}  ✖ denied`) : text)
    return drawn.relations.some(({ failed }) => failed) ? 1 : 0
  },
}

/** Names of accounts: the environments of the fleet, or the first stack of each. */
function accountNames({ assembly, landscape }: ProofInput): Map<string, string> {
  const stacks = assembly?.waves.flat() ?? []
  if (stacks.length)
    return new Map(stacks.map(({ target, environment }) => [target.account, environment] as const).reverse())
  return new Map(landscape.templates.map(({ target, stack }) => [target.account, stack] as const).reverse())
}
