/** Functions that are container images: pulled by Lambda, run behind the runtime API. Skipped where no container can run. */
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs'
import {
  CreateRepositoryCommand,
  ECRClient,
  GetRepositoryPolicyCommand,
  SetRepositoryPolicyCommand,
} from '@aws-sdk/client-ecr'
import {
  CreateFunctionCommand,
  type CreateFunctionCommandInput,
  GetFunctionCommand,
  InvokeCommand,
  LambdaClient,
  UpdateFunctionCodeCommand,
  waitUntilFunctionUpdatedV2,
} from '@aws-sdk/client-lambda'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import {
  busyboxLayer,
  containersMissing,
  filesLayer,
  pushLayers,
  skippedFor,
} from '../../containers/images.ts'
import { HUB, startTestCloud, type TestCloud } from '../cloud.ts'
import { allow, document, userWith } from '../ecr/callers.ts'
import { makeRole } from './functions.ts'

const missing = containersMissing()
const IMAGE = `${HUB}.dkr.ecr.us-east-1.amazonaws.com/app`

/** A runtime interface client of a shell: answers with the event and what it knows, and fails where the event says so. */
const runtime = (word: string) => `#!/bin/sh
API=http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation
while :; do
  wget -S -qO /tmp/event $API/next 2>/tmp/headers || exit 1
  ID=$(sed -n 's/.*[Rr]equest-[Ii]d: //p' /tmp/headers | tr -d '\\r')
  EVENT=$(cat /tmp/event)
  echo "got $EVENT"
  case $EVENT in
    *fail*) wget -qO- --post-data '{"errorType":"Broken","errorMessage":"as asked"}' $API/$ID/error ;;
    *exit*) exit 3 ;;
    *slow*) sleep 100 ;;
    *) wget -qO- --post-data "{\\"event\\":$EVENT,\\"word\\":\\"${word}\\",\\"function\\":\\"$AWS_LAMBDA_FUNCTION_NAME\\",\\"given\\":\\"$1\\"}" $API/$ID/response ;;
  esac
done
`

it('is refused by name where nothing runs containers', async () => {
  const test = await startTestCloud()
  const Role = await makeRole(test, 'function')
  const made = test.client(LambdaClient).send(
    new CreateFunctionCommand({
      FunctionName: 'none',
      Role,
      PackageType: 'Image',
      Code: { ImageUri: `${IMAGE}:v1` },
    }),
  )
  await expect(made).rejects.toMatchObject({
    name: 'InvalidParameterValueException',
    message: expect.stringContaining('none does: the cloud was started to run no containers'),
  })
})

describe.skipIf(missing)(`a function that is a container image${skippedFor(missing)}`, () => {
  let test: TestCloud
  let lambda: LambdaClient
  let ecr: ECRClient
  let Role: string

  beforeAll(async () => {
    test = await startTestCloud({ containers: 'unshare' })
    lambda = test.client(LambdaClient)
    ecr = test.client(ECRClient)
    Role = await makeRole(test, 'function')
    await ecr.send(new CreateRepositoryCommand({ repositoryName: 'app' }))
    for (const word of ['v1', 'v2'])
      await pushLayers(ecr, 'app', word, [busyboxLayer(), filesLayer({ bootstrap: runtime(word) })], {
        Entrypoint: ['/bin/sh', '/bootstrap'],
        Cmd: ['image'],
      })
  })

  const create = (
    client: LambdaClient,
    FunctionName: string,
    more: Partial<CreateFunctionCommandInput> = {},
  ) =>
    client.send(
      new CreateFunctionCommand({
        FunctionName,
        Role,
        PackageType: 'Image',
        Code: { ImageUri: `${IMAGE}:v1` },
        ...more,
      }),
    )

  async function invoke(FunctionName: string, event: object) {
    const Payload = JSON.stringify(event)
    const { FunctionError, Payload: answer } = await lambda.send(new InvokeCommand({ FunctionName, Payload }))
    return { error: FunctionError, answer: JSON.parse(Buffer.from(answer!).toString()) }
  }

  const active = (FunctionName: string) =>
    waitUntilFunctionUpdatedV2({ client: lambda, maxWaitTime: 20, minDelay: 0.02, maxDelay: 0.1 } as never, {
      FunctionName,
    })

  it('is pulled by Lambda, which the repository lets in or the caller may have it let in', async () => {
    const limited = async (name: string, ...actions: string[]) =>
      test.client(LambdaClient, {
        credentials: await userWith(test, HUB, name, allow(['lambda:*', 'iam:PassRole', ...actions])),
      })
    await expect(create(await limited('maker'), 'mine')).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: 'Lambda does not have permission to access the ECR image. Check the ECR permissions.',
    })
    const may = await limited('opener', 'ecr:GetRepositoryPolicy', 'ecr:SetRepositoryPolicy')
    const made = await create(may, 'mine', { ImageConfig: { Command: ['given'] } })
    expect(made).toMatchObject({
      PackageType: 'Image',
      State: 'Pending',
      ImageConfigResponse: { ImageConfig: { Command: ['given'] } },
    })
    expect(made.Runtime).toBeUndefined()
    const { policyText } = await ecr.send(new GetRepositoryPolicyCommand({ repositoryName: 'app' }))
    expect(JSON.parse(policyText!).Statement).toMatchObject([{ Sid: 'LambdaECRImageRetrievalPolicy' }])
    await active('mine')
    const { Code } = await lambda.send(new GetFunctionCommand({ FunctionName: 'mine' }))
    expect(Code).toEqual({
      RepositoryType: 'ECR',
      ImageUri: `${IMAGE}:v1`,
      ResolvedImageUri: `${IMAGE}@sha256:${made.CodeSha256}`,
    })
  })

  it('answers, fails, ends and is timed out as any other, and logs', async () => {
    expect(await invoke('mine', { a: 1 })).toEqual({
      error: undefined,
      answer: { event: { a: 1 }, word: 'v1', function: 'mine', given: 'given' },
    })
    expect(await invoke('mine', { a: 'fail' })).toEqual({
      error: 'Unhandled',
      answer: { errorType: 'Broken', errorMessage: 'as asked' },
    })
    expect(await invoke('mine', { a: 'exit' })).toEqual({
      error: 'Unhandled',
      answer: {
        errorType: 'Runtime.ExitError',
        errorMessage: expect.stringMatching(
          /^RequestId: \S+ Error: Runtime exited with error: exit status 3$/,
        ),
      },
    })
    expect((await invoke('mine', { a: 'slow' })).answer.errorMessage).toMatch(
      /Task timed out after 3.00 seconds/,
    )
    await vi.waitFor(async () => {
      const { events } = await test
        .client(CloudWatchLogsClient)
        .send(new FilterLogEventsCommand({ logGroupName: '/aws/lambda/mine' }))
      const text = events!.map(({ message }) => message).join('\n')
      expect(text).toContain('got {"a":1}')
      expect(text).toMatch(/REPORT RequestId: .*Status: timeout/)
    })
  })

  it('takes another image, and no archive', async () => {
    await lambda.send(new UpdateFunctionCodeCommand({ FunctionName: 'mine', ImageUri: `${IMAGE}:v2` }))
    await active('mine')
    expect((await invoke('mine', {})).answer).toMatchObject({ word: 'v2', given: 'given' })
    await expect(
      lambda.send(new UpdateFunctionCodeCommand({ FunctionName: 'mine', ZipFile: Buffer.from('x') })),
    ).rejects.toThrow('Please provide ImageUri when updating a function with packageType Image.')
    await expect(create(lambda, 'absent', { Code: { ImageUri: `${IMAGE}:absent` } })).rejects.toThrow(
      /does not exist/,
    )
  })

  it('is not made where the policy denies Lambda', async () => {
    const policyText = document({ ...allow('ecr:*'), Effect: 'Deny', Principal: '*', Resource: undefined })
    await ecr.send(new SetRepositoryPolicyCommand({ repositoryName: 'app', policyText, force: true }))
    await expect(create(lambda, 'denied')).rejects.toMatchObject({ name: 'AccessDeniedException' })
  })
})
