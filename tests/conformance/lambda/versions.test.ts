/** Versions and aliases: what is published when, where traffic goes, and what is provisioned, through the SDK client. */
import {
  CreateAliasCommand,
  DeleteProvisionedConcurrencyConfigCommand,
  GetAliasCommand,
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  GetFunctionRecursionConfigCommand,
  GetProvisionedConcurrencyConfigCommand,
  GetRuntimeManagementConfigCommand,
  ListAliasesCommand,
  ListProvisionedConcurrencyConfigsCommand,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
  PutFunctionRecursionConfigCommand,
  PutProvisionedConcurrencyConfigCommand,
  PutRuntimeManagementConfigCommand,
  UpdateAliasCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionUpdatedV2,
  waitUntilPublishedVersionActive,
} from '@aws-sdk/client-lambda'
import { expect, it } from 'vitest'
import { HUB, startTestCloud } from '../cloud.ts'
import { invoke, LambdaClient, makeFunction, makeRole, until, zip } from './functions.ts'

const test = await startTestCloud()
const lambda = test.client(LambdaClient)
const role = await makeRole(test, 'runner')
const arnOf = (name: string) => `arn:aws:lambda:us-east-1:${HUB}:function:${name}`
const saying = (what: string) => `export const handler = async () => ${JSON.stringify(what)}`
const patience = { client: lambda, maxWaitTime: 5, minDelay: 0.01, maxDelay: 0.02 }

async function ship(FunctionName: string, what: string, Publish = false) {
  const ZipFile = zip({ 'index.mjs': saying(what) })
  const answer = await lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile, Publish }))
  await waitUntilFunctionUpdatedV2(patience, { FunctionName })
  return answer
}

const publish = async (FunctionName: string) => {
  const { Version } = await lambda.send(new PublishVersionCommand({ FunctionName }))
  await waitUntilPublishedVersionActive(patience, { FunctionName, Qualifier: Version })
  return Version
}

const invalid = (message: string) => ({ name: 'InvalidParameterValueException', message })

it('publishes nothing anew where code and configuration are those of the last version', async () => {
  await makeFunction(lambda, 'same', role, saying('one'))
  expect(await publish('same')).toBe('1')
  expect((await ship('same', 'one', true)).Version).toBe('1')
  await ship('same', 'two')
  await ship('same', 'one')
  expect(await publish('same')).toBe('1')
  await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'same', Timeout: 4 }))
  await waitUntilFunctionUpdatedV2(patience, { FunctionName: 'same' })
  expect(await publish('same')).toBe('2')
  expect((await ship('same', 'three', true)).FunctionArn).toBe(`${arnOf('same')}:3`)
})

it('refuses to publish another code or revision than the one that was looked at', async () => {
  await makeFunction(lambda, 'guarded', role, saying('x'))
  const send = (more: object) => lambda.send(new PublishVersionCommand({ FunctionName: 'guarded', ...more }))
  await expect(send({ CodeSha256: 'abc' })).rejects.toMatchObject({
    name: 'InvalidParameterValueException',
    message: expect.stringMatching(/^CodeSHA256 \(abc\) is different from current CodeSHA256 in \$LATEST/),
  })
  await expect(send({ RevisionId: 'old' })).rejects.toMatchObject({ name: 'PreconditionFailedException' })
})

it('sends the share of an alias to its further version, and says which ran', async () => {
  await makeFunction(lambda, 'shared', role, saying('one'))
  await publish('shared')
  await ship('shared', 'two')
  await publish('shared')
  const FunctionName = 'shared'
  const weights = (share: number) => ({ AdditionalVersionWeights: { 2: share } })
  const made = await lambda.send(
    new CreateAliasCommand({
      ...{ FunctionName, Name: 'live', FunctionVersion: '1', RoutingConfig: weights(0.5) },
    }),
  )
  expect(made).toMatchObject({ AliasArn: `${arnOf('shared')}:live`, FunctionVersion: '1' })
  const ran = new Set<string>()
  await until(
    async () => ran.add((await invoke(lambda, 'shared:live')).ExecutedVersion!),
    () => ran.size === 2,
  )
  expect([...ran].sort()).toEqual(['1', '2'])
  // AWS: a version alone leaves the shares as they are; an empty map ends them.
  const update = (more: object) =>
    lambda.send(new UpdateAliasCommand({ FunctionName, Name: 'live', ...more }))
  expect((await update({ Description: 'half' })).RoutingConfig).toEqual(weights(0.5))
  const whole = await update({ FunctionVersion: '2', RoutingConfig: { AdditionalVersionWeights: {} } })
  expect([whole.FunctionVersion, whole.RoutingConfig]).toEqual(['2', undefined])
  await expect(update({ FunctionVersion: '1', RevisionId: made.RevisionId })).rejects.toMatchObject({
    name: 'PreconditionFailedException',
  })
  const list = (FunctionVersion: string) =>
    lambda.send(new ListAliasesCommand({ FunctionName, FunctionVersion }))
  expect((await list('1')).Aliases).toEqual([])
  expect((await list('2')).Aliases).toMatchObject([{ Name: 'live', Description: 'half' }])
})

it('takes no shares between versions that differ in their role, nor with $LATEST or an alias', async () => {
  const FunctionName = 'uneven'
  await makeFunction(lambda, FunctionName, role, saying('x'))
  await publish(FunctionName)
  const other = await makeRole(test, 'other-runner')
  await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Role: other }))
  await waitUntilFunctionUpdatedV2(patience, { FunctionName })
  await publish(FunctionName)
  const create = (Name: string, FunctionVersion: string, shares?: Record<string, number>) =>
    lambda.send(
      new CreateAliasCommand({
        ...{ FunctionName, Name, FunctionVersion },
        RoutingConfig: { AdditionalVersionWeights: shares },
      }),
    )
  await expect(create('a', '1', { 2: 0.1 })).rejects.toMatchObject(
    invalid('Versions of an alias with weights must have the same execution role.'),
  )
  await expect(create('a', '$LATEST', { 1: 0.1 })).rejects.toMatchObject(
    invalid('$LATEST is not supported for an alias pointing to more than 1 version'),
  )
  await create('live', '1')
  await expect(create('b', 'live')).rejects.toMatchObject({ name: 'ValidationException' })
  await expect(create('live', '1')).rejects.toMatchObject({ name: 'ResourceConflictException' })
  await expect(lambda.send(new GetAliasCommand({ FunctionName, Name: 'none' }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: `Cannot find alias arn: ${arnOf(FunctionName)}:none`,
  })
})

it('shows what a qualifier leads to under the name that was asked for', async () => {
  const FunctionName = 'qualified'
  await makeFunction(lambda, FunctionName, role, saying('x'))
  await publish(FunctionName)
  await lambda.send(new CreateAliasCommand({ FunctionName, Name: 'live', FunctionVersion: '1' }))
  const at = { FunctionName, Qualifier: 'live' }
  const shown = { Version: '1', FunctionArn: `${arnOf(FunctionName)}:live` }
  expect((await lambda.send(new GetFunctionCommand(at))).Configuration).toMatchObject(shown)
  expect(await lambda.send(new GetFunctionConfigurationCommand(at))).toMatchObject(shown)
})

it('provisions concurrency for published versions, as far as it is reserved', async () => {
  const FunctionName = 'warm'
  await makeFunction(
    lambda,
    FunctionName,
    role,
    'export const handler = async () => process.env.AWS_LAMBDA_INITIALIZATION_TYPE',
  )
  await publish(FunctionName)
  await lambda.send(new CreateAliasCommand({ FunctionName, Name: 'live', FunctionVersion: '1' }))
  const put = (Qualifier: string, ProvisionedConcurrentExecutions: number) =>
    lambda.send(
      new PutProvisionedConcurrencyConfigCommand({
        ...{ FunctionName, Qualifier, ProvisionedConcurrentExecutions },
      }),
    )
  const at = { FunctionName, Qualifier: 'live' }
  await expect(lambda.send(new GetProvisionedConcurrencyConfigCommand(at))).rejects.toMatchObject({
    name: 'ProvisionedConcurrencyConfigNotFoundException',
    $metadata: { httpStatusCode: 404 },
  })
  expect(await put('live', 2)).toMatchObject({
    Status: 'IN_PROGRESS',
    RequestedProvisionedConcurrentExecutions: 2,
    AvailableProvisionedConcurrentExecutions: 0,
  })
  await until(
    () => lambda.send(new GetProvisionedConcurrencyConfigCommand(at)),
    (one) => one.Status === 'READY' && one.AvailableProvisionedConcurrentExecutions === 2,
  )
  expect((await invoke(lambda, 'warm:live')).result).toBe('provisioned-concurrency')
  expect((await invoke(lambda, 'warm')).result).toBe('on-demand')
  await expect(put('1', 1)).rejects.toMatchObject({ name: 'InvalidParameterValueException' })
  await expect(put('$LATEST', 1)).rejects.toMatchObject({ $metadata: { httpStatusCode: 400 } })
  await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 3 }))
  await expect(put('live', 4)).rejects.toMatchObject(
    invalid(
      'Requested Provisioned Concurrency should not be greater than the reservedConcurrentExecution for function',
    ),
  )
  const list = () => lambda.send(new ListProvisionedConcurrencyConfigsCommand({ FunctionName }))
  expect((await list()).ProvisionedConcurrencyConfigs).toMatchObject([
    { FunctionArn: `${arnOf(FunctionName)}:live`, Status: 'READY' },
  ])
  await lambda.send(new DeleteProvisionedConcurrencyConfigCommand(at))
  expect((await list()).ProvisionedConcurrencyConfigs).toEqual([])
})

it('keeps and shows the settings of where a function would stand', async () => {
  const FunctionName = 'placed'
  const VpcConfig = { SubnetIds: ['subnet-1'], SecurityGroupIds: ['sg-1'] }
  await makeFunction(lambda, FunctionName, role, 'def handler(event, context): return 1', {
    Runtime: 'python3.12',
    VpcConfig,
    TracingConfig: { Mode: 'Active' },
    SnapStart: { ApplyOn: 'PublishedVersions' },
  })
  const ask = (Qualifier?: string) =>
    lambda.send(new GetFunctionConfigurationCommand({ FunctionName, Qualifier }))
  const settings = { VpcConfig, TracingConfig: { Mode: 'Active' } }
  expect(await ask()).toMatchObject({
    ...settings,
    SnapStart: { ApplyOn: 'PublishedVersions', OptimizationStatus: 'Off' },
  })
  await publish(FunctionName)
  await lambda.send(
    new UpdateFunctionConfigurationCommand({
      FunctionName,
      VpcConfig: { SubnetIds: [], SecurityGroupIds: [] },
    }),
  )
  expect(await ask()).toMatchObject({ TracingConfig: { Mode: 'Active' } })
  expect((await ask()).VpcConfig).toBeUndefined()
  expect(await ask('1')).toMatchObject({ ...settings, SnapStart: { OptimizationStatus: 'On' } })
})

it('keeps how runtimes are updated, version by version, and how loops are met', async () => {
  const FunctionName = 'managed'
  await makeFunction(lambda, FunctionName, role, saying('x'))
  await publish(FunctionName)
  const RuntimeVersionArn = `arn:aws:lambda:us-east-1::runtime:${'0'.repeat(64)}`
  const put = (more: object) =>
    lambda.send(new PutRuntimeManagementConfigCommand({ FunctionName, UpdateRuntimeOn: 'Manual', ...more }))
  await expect(put({})).rejects.toMatchObject({ name: 'InvalidParameterValueException' })
  await put({ Qualifier: '1', RuntimeVersionArn })
  const get = (Qualifier?: string) =>
    lambda.send(new GetRuntimeManagementConfigCommand({ FunctionName, Qualifier }))
  expect(await get('1')).toMatchObject({
    ...{ UpdateRuntimeOn: 'Manual', RuntimeVersionArn, FunctionArn: `${arnOf(FunctionName)}:1` },
  })
  expect(await get()).toMatchObject({ UpdateRuntimeOn: 'Auto', FunctionArn: arnOf(FunctionName) })
  expect(await publish(FunctionName)).toBe('1')
  await lambda.send(new PutFunctionRecursionConfigCommand({ FunctionName, RecursiveLoop: 'Allow' }))
  const shown = await lambda.send(new GetFunctionRecursionConfigCommand({ FunctionName }))
  expect(shown.RecursiveLoop).toBe('Allow')
})
