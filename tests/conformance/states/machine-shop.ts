/** A cloud with a role and functions for state machines, and a client that calls Step Functions. */
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam'
import { LambdaClient } from '@aws-sdk/client-lambda'
import type { CloudOptions } from '../../../src/cloud/index.ts'
import { HUB, startTestCloud } from '../cloud.ts'
import { makeFunction, makeRole } from '../lambda/functions.ts'
import { modelledClient } from '../modelled-client.ts'

export interface Described {
  readonly status: string
  readonly output?: string
  readonly error?: string
  readonly cause?: string
}

export interface HistoryEvent {
  readonly id: number
  readonly type: string
  readonly [details: string]: unknown
}

export async function openMachineShop(options: CloudOptions = {}) {
  const test = await startTestCloud(options)
  const states = modelledClient(test, 'states')
  const lambda = test.client(LambdaClient)
  const runtime = await makeRole(test, 'function')

  async function role(name: string, allow: readonly object[], service = 'states.amazonaws.com') {
    const iam = test.client(IAMClient)
    const trust = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
    }
    const { Role } = await iam.send(
      new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: JSON.stringify(trust) }),
    )
    const Statement = allow.map((one) => ({ Effect: 'Allow', ...one }))
    if (allow.length)
      await iam.send(
        new PutRolePolicyCommand({
          RoleName: name,
          PolicyName: 'own',
          PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }),
        }),
      )
    return Role!.Arn!
  }

  const worker = await role('machine', [{ Action: 'lambda:InvokeFunction', Resource: '*' }])
  const arnOf = (name: string) => `arn:aws:states:us-east-1:${HUB}:stateMachine:${name}`

  const create = (name: string, definition: object, more: object = {}) =>
    states.call('CreateStateMachine', {
      name,
      definition: JSON.stringify(definition),
      roleArn: worker,
      ...more,
    })

  /** Runs a machine to its end; gives what became of it. */
  async function run(name: string, input: object = {}): Promise<Described> {
    const { executionArn } = await states.call<{ executionArn: string }>('StartExecution', {
      stateMachineArn: arnOf(name),
      input: JSON.stringify(input),
    })
    await test.cloud.settled()
    return states.call<Described>('DescribeExecution', { executionArn })
  }

  async function history(executionArn: string): Promise<HistoryEvent[]> {
    const { events } = await states.call<{ events: HistoryEvent[] }>('GetExecutionHistory', { executionArn })
    return events
  }

  const fn = (name: string, source: string) => makeFunction(lambda, name, runtime, source)

  return { test, states, role, worker, arnOf, create, run, history, fn }
}
