/** `crossdock approve` and `crossdock reject`: answer what waits for a person. */

import { userInfo } from 'node:os'
import { CodePipelineClient } from '@aws-sdk/client-codepipeline'
import { FleetError } from '../../model/index.ts'
import { answerApprovals, pendingChanges } from '../../operate/index.ts'
import type { Command } from '../command.ts'
import { printChanges } from '../view/changes.ts'
import { choosePipeline, FLEET_OPTION, workspaceOf } from '../workspace.ts'
import { stateOf } from './status.ts'

const answer = (name: 'approve' | 'reject', approved: boolean): Command => ({
  arguments: [{ flags: '[pipeline]', description: 'the pipeline; may be left out when there is only one' }],
  options: [FLEET_OPTION, { flags: '-m, --message <text>', description: 'the reason, kept with the answer' }],
  run: async (invocation) => {
    const { terminal, options } = invocation
    const workspace = await workspaceOf(invocation)
    const pipeline = choosePipeline(workspace, invocation.arguments[0])
    const state = await stateOf(workspace, pipeline)
    if (!state)
      throw new FleetError(`${pipeline} has not run yet`, {
        fix: `start it with "crossdock start ${pipeline}"`,
      })
    const changes = await pendingChanges(workspace.accounts, state)
    const client = await workspace.accounts.client(CodePipelineClient, workspace.fleet.hub)
    const summary =
      typeof options.message === 'string' ? options.message : `${name} by ${userInfo().username}`
    const answered = await answerApprovals(client, state, { approved, summary })
    workspace.accounts.close()
    if (options.json) {
      terminal.print(
        JSON.stringify({ pipeline, execution: state.id, approved, stages: answered.map((one) => one.stage) }),
      )
      return 0
    }
    printChanges(terminal, changes)
    for (const { stage, action } of answered)
      terminal.print(`${approved ? 'approved' : 'rejected'} ${pipeline} / ${stage} / ${action.name}`)
    return 0
  },
})

export const approve = answer('approve', true)
export const reject = answer('reject', false)
