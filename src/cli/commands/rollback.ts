/** `crossdock rollback`: ships through a stage again what was shipped there before. */
import { FleetError, type PipelineDeclaration } from '../../model/index.ts'
import { type PastExecution, rollBack, rollbackOf, shippingStages } from '../../operate/index.ts'
import { isWanted, YES_OPTION } from '../ask.ts'
import type { Command } from '../command.ts'
import { revisionText } from '../view/execution-line.ts'
import { watchExecution } from '../watch-execution.ts'
import {
  checkedExecution,
  choosePipeline,
  declarationIn,
  FLEET_OPTION,
  PIPELINE_ARGUMENT,
  WAIT_OPTION,
  withWorkspace,
} from '../workspace.ts'

const told = ({ id, revisions }: PastExecution): string => `${id}  ${revisionText(revisions)}`.trimEnd()

export const rollback: Command = {
  arguments: [PIPELINE_ARGUMENT],
  options: [
    FLEET_OPTION,
    { flags: '--stage <name>', description: 'the stage; may be left out where only one ships something' },
    { flags: '--to <execution>', description: 'what to go back to (default: what was shipped there before)' },
    YES_OPTION,
    WAIT_OPTION,
  ],
  examples: [
    'rollback shop --stage prod',
    'rollback shop --stage prod --to 1f9c4c52-0a5e-4f0e-9c1c-2f1f7a3b9d10',
  ],
  run: (invocation) => {
    const { terminal, options } = invocation
    const to = typeof options.to === 'string' ? checkedExecution(options.to, '--to') : undefined
    return withWorkspace(invocation, async (workspace) => {
      const pipeline = choosePipeline(workspace, invocation.arguments[0])
      const stage = shippingStage(declarationIn(workspace, pipeline), options.stage)
      const plan = await rollbackOf(workspace, pipeline, stage, to)
      if (!options.json) {
        terminal.print(`${terminal.colors.bold(`${pipeline} / ${stage}`)}`)
        if (plan.from) terminal.print(`  from  ${told(plan.from)}`)
        terminal.print(`  to    ${told(plan.to)}`)
        terminal.print(
          terminal.colors.dim(
            '  the stage runs once more with the artifacts of that execution; earlier stages do not',
          ),
        )
      }
      if (!(await isWanted(invocation, 'roll it back?'))) return 1
      const execution = await rollBack(workspace, pipeline, plan)
      if (!options.json) terminal.print(`rolling back: execution ${execution}`)
      if (options.wait) return watchExecution(workspace, invocation, { pipeline, execution })
      if (options.json) terminal.print(JSON.stringify({ pipeline, execution, ...plan }))
      return 0
    })
  },
}

/** Errors: FleetError listing the stages that ship something. */
function shippingStage(declaration: PipelineDeclaration, named: unknown): string {
  const { name } = declaration
  const all = shippingStages(declaration)
  if (named === undefined && all.length === 1) return all[0]!
  if (typeof named === 'string' && all.includes(named)) return named
  throw new FleetError(
    named === undefined
      ? `${name} ships through several stages`
      : `no stage "${named}" of ${name} ships anything`,
    { fix: `name one with --stage: ${all.join(', ')}` },
  )
}
