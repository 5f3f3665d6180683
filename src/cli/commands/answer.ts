/** `crossdock approve` and `crossdock reject`: answer what waits for a person. */

import { userInfo } from 'node:os'
import { answerWaiting, pendingChanges, startedExecution } from '../../operate/index.ts'
import type { Command } from '../command.ts'
import { printChanges } from '../view/changes.ts'
import { choosePipeline, FLEET_OPTION, withWorkspace } from '../workspace.ts'

const answer = (name: 'approve' | 'reject', approved: boolean): Command => ({
  arguments: [{ flags: '[pipeline]', description: 'the pipeline; may be left out when there is only one' }],
  options: [FLEET_OPTION, { flags: '-m, --message <text>', description: 'the reason, kept with the answer' }],
  run: (invocation) =>
    withWorkspace(invocation, async (workspace) => {
      const { terminal, options } = invocation
      const pipeline = choosePipeline(workspace, invocation.arguments[0])
      const state = await startedExecution(workspace, pipeline)
      const changes = await pendingChanges(workspace.accounts, state)
      const summary =
        typeof options.message === 'string' ? options.message : `${name} by ${userInfo().username}`
      const answered = await answerWaiting(workspace, state, { approved, summary })
      if (options.json) {
        const stages = answered.map((one) => one.stage)
        terminal.print(JSON.stringify({ pipeline, execution: state.id, approved, stages }))
        return 0
      }
      printChanges(terminal, changes)
      for (const { stage, action } of answered)
        terminal.print(`${approved ? 'approved' : 'rejected'} ${pipeline} / ${stage} / ${action.name}`)
      return 0
    }),
})

export const approve = answer('approve', true)
export const reject = answer('reject', false)
