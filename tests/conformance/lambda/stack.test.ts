/** Lambda's CloudFormation types, from template to running function. */
import {
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  GetFunctionEventInvokeConfigCommand,
  GetFunctionRecursionConfigCommand,
  GetPolicyCommand,
  GetProvisionedConcurrencyConfigCommand,
  GetRuntimeManagementConfigCommand,
  ListTagsCommand,
} from '@aws-sdk/client-lambda'
import { expect, it } from 'vitest'
import { HUB, startTestCloud } from '../cloud.ts'
import { driveStacks, type TemplateData } from '../cloudformation/stack-driver.ts'
import { invoke, LambdaClient, makeRole } from './functions.ts'

const test = await startTestCloud()
const lambda = test.client(LambdaClient)
const stacks = driveStacks(test)
const role = await makeRole(test, 'runner')

const template = (says: string, more: object = {}): TemplateData => ({
  Resources: {
    Function: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        FunctionName: 'stacked',
        Role: role,
        Runtime: 'nodejs20.x',
        Handler: 'index.handler',
        Timeout: 5,
        Code: { ZipFile: `exports.handler = async () => '${says}'` },
        Tags: [{ Key: 'team', Value: 'orders' }],
        ...more,
      },
    },
    Version: {
      Type: 'AWS::Lambda::Version',
      Properties: {
        FunctionName: { Ref: 'Function' },
        RuntimePolicy: { UpdateRuntimeOn: 'FunctionUpdate' },
      },
    },
    Alias: {
      Type: 'AWS::Lambda::Alias',
      Properties: {
        FunctionName: { Ref: 'Function' },
        FunctionVersion: { 'Fn::GetAtt': ['Version', 'Version'] },
        Name: 'live',
        ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 2 },
      },
    },
    Permission: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        FunctionName: { Ref: 'Alias' },
        Action: 'lambda:InvokeFunction',
        Principal: 's3.amazonaws.com',
        SourceAccount: HUB,
      },
    },
    Retries: {
      Type: 'AWS::Lambda::EventInvokeConfig',
      Properties: { FunctionName: { Ref: 'Function' }, Qualifier: '$LATEST', MaximumRetryAttempts: 0 },
    },
  },
  Outputs: {
    Arn: { Value: { 'Fn::GetAtt': ['Function', 'Arn'] } },
    Alias: { Value: { Ref: 'Alias' } },
    Version: { Value: { Ref: 'Version' } },
  },
})

it('creates, changes and deletes functions with versions, aliases and permissions', async () => {
  const made = await stacks.create(
    'functions',
    template('one', { ReservedConcurrentExecutions: 3, RecursiveLoop: 'Allow' }),
  )
  expect(made.StackStatus, (await stacks.events('functions')).join('\n')).toBe('CREATE_COMPLETE')
  const arn = `arn:aws:lambda:us-east-1:${HUB}:function:stacked`
  expect(await stacks.outputs('functions')).toEqual({ Arn: arn, Alias: `${arn}:live`, Version: `${arn}:1` })
  expect((await invoke(lambda, `${arn}:live`)).result).toBe('one')
  const { Tags } = await lambda.send(new ListTagsCommand({ Resource: arn }))
  expect(Tags).toMatchObject({ team: 'orders', 'aws:cloudformation:stack-name': 'functions' })
  const { Policy } = await lambda.send(new GetPolicyCommand({ FunctionName: `${arn}:live` }))
  expect(JSON.parse(Policy!).Statement[0]).toMatchObject({ Resource: `${arn}:live` })
  const provisioned = await lambda.send(
    new GetProvisionedConcurrencyConfigCommand({ FunctionName: 'stacked', Qualifier: 'live' }),
  )
  expect(provisioned).toMatchObject({ Status: 'READY', AvailableProvisionedConcurrentExecutions: 2 })
  const policy = (Qualifier?: string) =>
    lambda.send(new GetRuntimeManagementConfigCommand({ FunctionName: 'stacked', Qualifier }))
  expect((await policy('1')).UpdateRuntimeOn).toBe('FunctionUpdate')
  expect((await policy()).UpdateRuntimeOn).toBe('Auto')
  const loops = () => lambda.send(new GetFunctionRecursionConfigCommand({ FunctionName: 'stacked' }))
  expect((await loops()).RecursiveLoop).toBe('Allow')
  const retries = await lambda.send(new GetFunctionEventInvokeConfigCommand({ FunctionName: 'stacked' }))
  expect(retries.MaximumRetryAttempts).toBe(0)

  const changed = await stacks.update('functions', template('two', { MemorySize: 256 }))
  expect(changed.StackStatus, (await stacks.events('functions')).join('\n')).toBe('UPDATE_COMPLETE')
  expect((await loops()).RecursiveLoop).toBe('Terminate')
  expect((await invoke(lambda, 'stacked')).result).toBe('two')
  expect((await invoke(lambda, 'stacked:live')).result).toBe('one')
  const now = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: 'stacked' }))
  expect(now).toMatchObject({ MemorySize: 256, Timeout: 5 })
  const concurrency = await lambda.send(new GetFunctionConcurrencyCommand({ FunctionName: 'stacked' }))
  expect(concurrency.ReservedConcurrentExecutions).toBeUndefined()

  expect((await stacks.remove('functions')).StackStatus).toBe('DELETE_COMPLETE')
  await expect(invoke(lambda, 'stacked')).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
}, 60_000)

it.each<[string, object, RegExp]>([
  [
    'a property it does not do',
    { DurableConfig: { ExecutionTimeout: 5 } },
    /"DurableConfig" of AWS::Lambda::Function/,
  ],
  [
    'code in a bucket that is not there',
    { Code: { S3Bucket: 'nowhere-to-be-found', S3Key: 'x.zip' } },
    /S3 Error Code: NoSuchBucket/,
  ],
])('fails the stack for %s, by name', async (name, more, message) => {
  const stackName = `fails-${name.replaceAll(/\W/g, '-')}`
  const stack = await stacks.create(stackName, template('x', more))
  expect(stack.StackStatus).toBe('ROLLBACK_COMPLETE')
  const failed = (await stacks.events(stackName)).find((one) => one.startsWith('Function CREATE_FAILED'))
  expect(failed).toMatch(message)
})

it.each([
  [
    'nodejs20.x',
    "const answer = require('cfn-response'); exports.handler = (event, context) => answer.send(event, context, answer.SUCCESS, { Said: 'hello' }, 'id')",
  ],
  [
    'python3.12',
    "import cfnresponse\ndef handler(event, context): cfnresponse.send(event, context, cfnresponse.SUCCESS, {'Said': 'hello'}, 'id')",
  ],
])(
  'gives inline code of %s the module for custom resources',
  async (Runtime, ZipFile) => {
    const stackName = `custom-${Runtime.replaceAll('.', '-')}`
    const stack = await stacks.create(stackName, {
      Resources: {
        Function: {
          Type: 'AWS::Lambda::Function',
          Properties: { Role: role, Runtime, Handler: 'index.handler', Code: { ZipFile } },
        },
        Custom: {
          Type: 'Custom::Thing',
          Properties: { ServiceToken: { 'Fn::GetAtt': ['Function', 'Arn'] } },
        },
      },
      Outputs: { Said: { Value: { 'Fn::GetAtt': ['Custom', 'Said'] } } },
    })
    expect(stack.StackStatus, (await stacks.events(stackName)).join('\n')).toBe('CREATE_COMPLETE')
    expect(await stacks.outputs(stackName)).toEqual({ Said: 'hello' })
  },
  60_000,
)
