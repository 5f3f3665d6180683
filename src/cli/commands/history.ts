/** `crossdock history`: the executions of a pipeline, newest first. */
import { history as historyOf, type PastExecution } from '../../operate/index.ts'
import { type Command, UsageError } from '../command.ts'
import { executionLine } from '../view/execution-line.ts'
import { choosePipeline, FLEET_OPTION, PIPELINE_ARGUMENT, withWorkspace } from '../workspace.ts'

/** AWS: at most so many on a page. */
const PAGE_LIMIT = 100

export const history: Command = {
  arguments: [PIPELINE_ARGUMENT],
  options: [
    FLEET_OPTION,
    { flags: '--limit <count>', description: 'so many of them, or all with "all"', default: '20' },
  ],
  examples: ['history shop --limit 5', 'history shop --limit all --json'],
  run: (invocation) => {
    const limit = limitOf(invocation.options.limit)
    return withWorkspace(invocation, async (workspace) => {
      const { terminal, options } = invocation
      const pipeline = choosePipeline(workspace, invocation.arguments[0])
      const found: PastExecution[] = []
      let next: string | undefined
      do {
        const size = Math.min(PAGE_LIMIT, limit - found.length)
        const page = await historyOf(workspace, pipeline, { size, ...(next && { page: next }) })
        found.push(...page.executions)
        next = page.next
      } while (next && found.length < limit)
      if (options.json) terminal.print(JSON.stringify(found, null, 2))
      else if (!found.length) terminal.print(`${terminal.colors.bold(pipeline)} has not run yet`)
      else for (const one of found) terminal.print(executionLine(one, terminal, Date.now()))
      if (next && !options.json)
        terminal.print(terminal.colors.dim(`older ones: crossdock history ${pipeline} --limit all`))
      return 0
    })
  },
}

/** Errors: UsageError. */
function limitOf(value: unknown): number {
  if (value === 'all') return Number.POSITIVE_INFINITY
  const limit = Number(value)
  if (Number.isInteger(limit) && limit > 0) return limit
  throw new UsageError(`--limit takes a number from 1, or "all", not "${String(value)}"`)
}
