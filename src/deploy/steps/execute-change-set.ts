/** Has a change set carried out, once. */
import {
  type CloudFormationClient,
  DescribeChangeSetCommand,
  ExecuteChangeSetCommand,
} from '@aws-sdk/client-cloudformation'
import { mayHaveActed } from '../../aws/index.ts'
import type { ChangeSet } from './create-change-set.ts'
import { findStack } from './find-stack.ts'

/** `token` marks the operation and its events; errors: CloudFormation's where the change set was not executed. */
export async function executeChangeSet(
  client: CloudFormationClient,
  { id, stackId }: ChangeSet,
  token: string,
): Promise<void> {
  const asked = new ExecuteChangeSetCommand({ ChangeSetName: id, ClientRequestToken: token })
  await client.send(asked).catch(async (error: Error) => {
    const done = /^(InvalidChangeSetStatus|ChangeSetNotFound|TokenAlreadyExists)(Exception)?$/.test(
      error.name,
    )
    if (done && mayHaveActed(error) && (await isExecuted(client, id, stackId))) return
    throw error
  })
}

/** No other deployment knows this change set: if it is or was executed, the try whose answer was lost did it. */
async function isExecuted(client: CloudFormationClient, id: string, stackId: string): Promise<boolean> {
  const set = await client.send(new DescribeChangeSetCommand({ ChangeSetName: id })).catch((error: Error) => {
    if (/^ChangeSetNotFound/.test(error.name)) return undefined
    throw error
  })
  if (set) return /^EXECUTE_/.test(set.ExecutionStatus ?? '')
  return (await findStack(client, stackId))?.ChangeSetId === id
}
