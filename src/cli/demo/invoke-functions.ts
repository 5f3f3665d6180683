/** Calls the functions that the demo deployed, in every account and region. */
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import type { Workspace } from '../workspace.ts'

export interface Answer {
  readonly environment: string
  readonly account: string
  readonly region: string
  readonly answer: unknown
  /** Set when the function failed. */
  readonly error?: string
}

/** Gives each function's answer, in the fleet's order. The stack's output `FunctionName` says what to call. */
export async function invokeFunctions({ fleet, accounts }: Workspace, stack: string): Promise<Answer[]> {
  const targets = fleet.environments.flatMap(({ name, accounts: own, regions }) =>
    own.flatMap(({ account }) => regions.map((region) => ({ environment: name, account, region }))),
  )
  return Promise.all(
    targets.map(async (target) => {
      const cloudformation = await accounts.client(CloudFormationClient, target)
      const { Stacks } = await cloudformation.send(new DescribeStacksCommand({ StackName: stack }))
      const FunctionName = Stacks?.[0]?.Outputs?.find((one) => one.OutputKey === 'FunctionName')?.OutputValue
      const lambda = await accounts.client(LambdaClient, target)
      const Payload = Buffer.from(JSON.stringify({ name: target.environment }))
      const { Payload: answer, FunctionError: error } = await lambda.send(
        new InvokeCommand({ FunctionName, Payload }),
      )
      return { ...target, answer: JSON.parse(Buffer.from(answer ?? []).toString() || 'null'), error }
    }),
  )
}
