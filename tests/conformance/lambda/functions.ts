/** What tests of Lambda need: a role that Lambda may assume, zipped sources, and functions that are ready. */
import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam'
import {
  CreateFunctionCommand,
  type CreateFunctionCommandInput,
  InvokeCommand,
  type InvokeCommandInput,
  LambdaClient,
  waitUntilFunctionActiveV2,
} from '@aws-sdk/client-lambda'
import { strToU8, zipSync } from 'fflate'
import type { TestCloud } from '../cloud.ts'

export const zip = (files: Record<string, string>): Uint8Array =>
  // The same files are the same bytes, whenever they are packed.
  zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])), {
    mtime: '2026-01-01T00:00:00Z',
  })

/** Makes a role; it may write logs unless `policy` says what it may do instead. */
export async function makeRole(cloud: TestCloud, name: string, policy?: object): Promise<string> {
  const iam = cloud.client(IAMClient)
  const trust = {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
    ],
  }
  const { Role } = await iam.send(
    new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: JSON.stringify(trust) }),
  )
  if (policy)
    await iam.send(
      new PutRolePolicyCommand({ RoleName: name, PolicyName: 'own', PolicyDocument: JSON.stringify(policy) }),
    )
  else
    await iam.send(
      new AttachRolePolicyCommand({
        RoleName: name,
        PolicyArn: 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole',
      }),
    )
  return Role!.Arn!
}

export async function makeFunction(
  lambda: LambdaClient,
  name: string,
  role: string,
  source: string | Record<string, string>,
  more: Partial<CreateFunctionCommandInput> = {},
) {
  const python = more.Runtime?.startsWith('python')
  const files = typeof source === 'string' ? { [python ? 'index.py' : 'index.mjs']: source } : source
  const made = await lambda.send(
    new CreateFunctionCommand({
      FunctionName: name,
      Role: role,
      Runtime: 'nodejs20.x',
      Handler: 'index.handler',
      Code: { ZipFile: zip(files) },
      ...more,
    }),
  )
  await waitUntilFunctionActiveV2(
    { client: lambda, maxWaitTime: 5, minDelay: 0.01, maxDelay: 0.02 },
    { FunctionName: name },
  )
  return made
}

/** Invokes and gives the answer with its payload parsed. */
export async function invoke(
  lambda: LambdaClient,
  FunctionName: string,
  event: unknown = {},
  more: Partial<InvokeCommandInput> = {},
) {
  const { Payload, LogResult, ...answer } = await lambda.send(
    new InvokeCommand({ FunctionName, Payload: JSON.stringify(event), ...more }),
  )
  const text = Payload?.transformToString() ?? ''
  return {
    ...answer,
    result: text === '' ? undefined : JSON.parse(text),
    log: LogResult === undefined ? undefined : Buffer.from(LogResult, 'base64').toString(),
  }
}

/** Calls until the answer is accepted; events have no notification to wait for through the API. */
export async function until<T>(ask: () => Promise<T>, accept: (answer: T) => boolean): Promise<T> {
  for (let attempt = 0; attempt < 400; attempt++) {
    const answer = await ask()
    if (accept(answer)) return answer
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error('it did not happen within four seconds')
}

export { IAMClient, LambdaClient }
