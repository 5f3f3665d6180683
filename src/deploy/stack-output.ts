/** An output of a stack that stands already. */
import { CloudFormationClient } from '@aws-sdk/client-cloudformation'
import type { Accounts } from '../aws/index.ts'
import { entryOf, type StackOutputReference } from '../model/index.ts'
import { findStack, outputsOf } from './steps/find-stack.ts'

/** Gives the output's value; undefined where there is no such stack, or it has no such output. */
export async function outputOf(
  accounts: Accounts,
  { stack, target, output }: StackOutputReference,
): Promise<string | undefined> {
  const client = await accounts.client(CloudFormationClient, target)
  return entryOf(outputsOf(await findStack(client, stack)), output)
}
