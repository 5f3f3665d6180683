/** Resources that the embedded cloud only recorded: no service of it stands behind them. */
import { CloudFormationClient, ListStackResourcesCommand } from '@aws-sdk/client-cloudformation'
import type { Accounts } from '../aws/index.ts'
import { isRecordedReason } from '../model/index.ts'
import { namedThings } from '../pipeline/index.ts'
import type { ActionState } from './pipeline-state.ts'

export interface RecordedResource {
  readonly stack: string
  readonly logicalId: string
  readonly type: string
}

/** Gives the recorded resources of the stack that an action deployed. On AWS every resource is real. */
export async function recordedResources(
  accounts: Accounts,
  action: ActionState,
): Promise<RecordedResource[]> {
  const StackName = namedThings(action, action.configuration).stack
  if (!accounts.endpoint || action.status !== 'Succeeded' || !StackName) return []
  const client = await accounts.client(CloudFormationClient, action)
  const recorded: RecordedResource[] = []
  let NextToken: string | undefined
  do {
    const page = await client
      .send(new ListStackResourcesCommand({ StackName, NextToken }))
      .catch((error: Error) => {
        // A change set that is not executed yet leaves a stack without resources, or none at all.
        if (error.name === 'ValidationError') return { StackResourceSummaries: [], NextToken: undefined }
        throw error
      })
    for (const {
      LogicalResourceId = '',
      ResourceType = '',
      ResourceStatusReason = '',
    } of page.StackResourceSummaries ?? [])
      if (isRecordedReason(ResourceStatusReason))
        recorded.push({ stack: StackName, logicalId: LogicalResourceId, type: ResourceType })
    NextToken = page.NextToken
  } while (NextToken)
  return recorded
}
