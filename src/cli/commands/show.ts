/** `crossdock show`: one execution whole, found by its id. */
import { FleetError } from '../../model/index.ts'
import { findExecution, lookAt, policyPlaces } from '../../operate/index.ts'
import type { Command } from '../command.ts'
import { organizationIn } from '../organization-input.ts'
import { warnOfTrouble } from '../view/denials.ts'
import { printExecution } from '../view/execution-view.ts'
import {
  checkedExecution,
  choosePipeline,
  FLEET_OPTION,
  PIPELINE_OPTION,
  withWorkspace,
} from '../workspace.ts'

export const show: Command = {
  arguments: [
    { flags: '<execution>', description: 'the id of the execution, as "crossdock history" shows it' },
  ],
  options: [FLEET_OPTION, PIPELINE_OPTION],
  examples: ['show 1f9c4c52-0a5e-4f0e-9c1c-2f1f7a3b9d10'],
  run: (invocation) => {
    const { terminal, options } = invocation
    const execution = checkedExecution(invocation.arguments[0]!)
    return withWorkspace(invocation, async (workspace) => {
      const all = workspace.assembly.pipelines.map(({ declaration }) => declaration.name)
      const among = typeof options.pipeline === 'string' ? [choosePipeline(workspace, options.pipeline)] : all
      const pipeline = await findExecution(workspace, among, execution)
      const { state, trouble } = await lookAt(workspace, pipeline, {
        execution,
        ...(!options.json && { places: policyPlaces(workspace.assembly, organizationIn(workspace)) }),
      })
      if (!state) throw new FleetError(`the execution ${execution} of ${pipeline} is gone`)
      warnOfTrouble(terminal, trouble)
      if (options.json) terminal.print(JSON.stringify(state, null, 2))
      else printExecution(terminal, state, Date.now())
      return 0
    })
  },
}
