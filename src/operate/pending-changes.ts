/** What an approval is about: the change sets that wait to be executed behind it, in every account and region. */
import { type Change, CloudFormationClient, DescribeChangeSetCommand } from '@aws-sdk/client-cloudformation'
import type { Accounts } from '../aws/index.ts'
import { findProvider, type PendingChangeSet } from '../pipeline/index.ts'
import { waitingApprovals } from './approve.ts'
import type { ActionState, ExecutionState } from './pipeline-state.ts'

export interface PendingChanges {
  readonly account: string
  readonly region: string
  readonly stack: string
  /** Empty when the stack would not change. */
  readonly changes: readonly Change[]
}

/** Gives the change sets that wait behind an execution's approvals, in the pipeline's order; none where no approval waits. */
export async function pendingChanges(accounts: Accounts, state: ExecutionState): Promise<PendingChanges[]> {
  if (!waitingApprovals(state).length) return []
  const waiting = state.stages.flatMap((stage) => stage.actions).filter(({ status }) => status === 'Waiting')
  const asked = waiting.flatMap((action) => {
    const changeSet = findProvider(action)?.changeSet?.(action.configuration)
    return changeSet ? changesOf(accounts, action, changeSet) : []
  })
  return Promise.all(asked)
}

async function changesOf(
  accounts: Accounts,
  { account, region }: ActionState,
  { stack: StackName, name: ChangeSetName }: PendingChangeSet,
): Promise<PendingChanges> {
  const client = await accounts.client(CloudFormationClient, { account, region })
  const changes: Change[] = []
  let NextToken: string | undefined
  do {
    const page = await client
      .send(new DescribeChangeSetCommand({ StackName, ChangeSetName, NextToken }))
      // AWS: a change set without changes fails, and the action that made it succeeds all the same.
      .catch((error: Error) => {
        // One of a stack that is prepared only later does not exist yet, nor does the stack.
        const isAbsent =
          error.name === 'ChangeSetNotFoundException' ||
          (error.name === 'ValidationError' && /does not exist/.test(error.message))
        if (isAbsent) return { Changes: [], NextToken: undefined }
        throw error
      })
    changes.push(...(page.Changes ?? []))
    NextToken = page.NextToken
  } while (NextToken)
  return { account, region, stack: StackName, changes }
}
