/** Parameter Store through the SDK client. */
import { CreateKeyCommand, DisableKeyCommand, KMSClient } from '@aws-sdk/client-kms'
import {
  DeleteParameterCommand,
  DeleteParametersCommand,
  DescribeParametersCommand,
  GetParameterCommand,
  GetParameterHistoryCommand,
  GetParametersByPathCommand,
  GetParametersCommand,
  LabelParameterVersionCommand,
  ListTagsForResourceCommand,
  PutParameterCommand,
  type PutParameterCommandInput,
  SSMClient,
} from '@aws-sdk/client-ssm'
import { describe, expect, it } from 'vitest'
import { HUB, startTestCloud } from '../cloud.ts'

const test = await startTestCloud()
const ssm = test.client(SSMClient)

const put = (Name: string, Value: string, more: Partial<PutParameterCommandInput> = {}) =>
  ssm.send(new PutParameterCommand({ Name, Value, Type: 'String', ...more }))

describe('a parameter', () => {
  it('is put, read, overwritten and deleted', async () => {
    expect(await put('plain', 'one')).toMatchObject({ Version: 1, Tier: 'Standard' })
    await expect(put('plain', 'two')).rejects.toMatchObject({ name: 'ParameterAlreadyExists' })
    expect(await put('plain', 'two', { Overwrite: true })).toMatchObject({ Version: 2 })
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: 'plain' }))
    expect(Parameter).toMatchObject({
      Value: 'two',
      Version: 2,
      ARN: `arn:aws:ssm:us-east-1:${HUB}:parameter/plain`,
    })
    const byArn = await ssm.send(new GetParameterCommand({ Name: Parameter!.ARN }))
    expect(byArn.Parameter?.Value).toBe('two')
    await ssm.send(new DeleteParameterCommand({ Name: 'plain' }))
    await expect(ssm.send(new GetParameterCommand({ Name: 'plain' }))).rejects.toMatchObject({
      name: 'ParameterNotFound',
    })
  })

  it('is read by version and label', async () => {
    await put('/versions/a', 'first')
    await put('/versions/a', 'second', { Overwrite: true })
    await ssm.send(
      new LabelParameterVersionCommand({ Name: '/versions/a', ParameterVersion: 1, Labels: ['old'] }),
    )
    for (const selector of [':1', ':old']) {
      const { Parameter } = await ssm.send(new GetParameterCommand({ Name: `/versions/a${selector}` }))
      expect(Parameter).toMatchObject({ Value: 'first', Selector: selector })
    }
    await expect(ssm.send(new GetParameterCommand({ Name: '/versions/a:9' }))).rejects.toMatchObject({
      name: 'ParameterVersionNotFound',
    })
    const { Parameters } = await ssm.send(new GetParameterHistoryCommand({ Name: '/versions/a' }))
    expect(Parameters?.map((one) => [one.Value, one.Labels])).toEqual([
      ['first', ['old']],
      ['second', []],
    ])
  })

  it.each([
    [{ Name: 'a/b' }, 'ValidationException'],
    [{ Name: '/aws/x' }, 'AccessDeniedException'],
    [{ Name: 'ssm-x' }, 'ValidationException'],
    [{ Name: '/a b' }, 'ValidationException'],
    [{ Name: 'untyped', Type: undefined }, 'ValidationException'],
    [{ Name: 'long', Value: 'x'.repeat(4097) }, 'ValidationException'],
    [{ Name: 'pattern', AllowedPattern: '^\\d+$' }, 'ParameterPatternMismatchException'],
    [{ Name: 'policies', Policies: '[]' }, 'UnsupportedParameter'],
  ])('is refused: %j', async (input, name) => {
    await expect(put('x', 'value', input)).rejects.toMatchObject({ name })
  })
})

it('gives many at once, by path and in pages', async () => {
  for (const name of ['/app/a', '/app/b', '/app/deep/c']) await put(name, name)
  const many = await ssm.send(new GetParametersCommand({ Names: ['/app/a', '/app/none', '/app/b:7'] }))
  expect(many.Parameters?.map((one) => one.Name)).toEqual(['/app/a'])
  expect(many.InvalidParameters).toEqual(['/app/none', '/app/b:7'])
  const level = await ssm.send(new GetParametersByPathCommand({ Path: '/app' }))
  expect(level.Parameters?.map((one) => one.Name)).toEqual(['/app/a', '/app/b'])
  const first = await ssm.send(
    new GetParametersByPathCommand({ Path: '/app/', Recursive: true, MaxResults: 2 }),
  )
  const rest = await ssm.send(
    new GetParametersByPathCommand({
      Path: '/app/',
      Recursive: true,
      MaxResults: 2,
      NextToken: first.NextToken,
    }),
  )
  expect(rest.Parameters?.map((one) => one.Name)).toEqual(['/app/deep/c'])
  const described = await ssm.send(
    new DescribeParametersCommand({
      ParameterFilters: [{ Key: 'Name', Option: 'BeginsWith', Values: ['/app/d'] }],
    }),
  )
  expect(described.Parameters?.map((one) => one.Name)).toEqual(['/app/deep/c'])
  const gone = await ssm.send(new DeleteParametersCommand({ Names: ['/app/a', '/app/none'] }))
  expect(gone).toMatchObject({ DeletedParameters: ['/app/a'], InvalidParameters: ['/app/none'] })
})

it('keeps tags', async () => {
  await put('tagged', 'x', { Tags: [{ Key: 'team', Value: 'orders' }] })
  const { TagList } = await ssm.send(
    new ListTagsForResourceCommand({ ResourceType: 'Parameter', ResourceId: 'tagged' }),
  )
  expect(TagList).toEqual([{ Key: 'team', Value: 'orders' }])
})

describe('a SecureString', () => {
  it('is encrypted by KMS under aws/ssm with the ARN as context', async () => {
    await put('/secret', 'hush', { Type: 'SecureString' })
    const hidden = await ssm.send(new GetParameterCommand({ Name: '/secret' }))
    expect(hidden.Parameter?.Value).not.toContain('hush')
    const shown = await ssm.send(new GetParameterCommand({ Name: '/secret', WithDecryption: true }))
    expect(shown.Parameter?.Value).toBe('hush')
    const decrypt = test.cloud.trail.entries().findLast((entry) => entry.action === 'kms:Decrypt')
    expect(decrypt?.context).toMatchObject({
      'kms:EncryptionContext:PARAMETER_ARN': `arn:aws:ssm:us-east-1:${HUB}:parameter/secret`,
      'kms:ViaService': 'ssm.us-east-1.amazonaws.com',
    })
  })

  it('cannot be read once its key is disabled', async () => {
    const kms = test.client(KMSClient)
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({}))
    await put('/own-key', 'hush', { Type: 'SecureString', KeyId: KeyMetadata!.KeyId })
    await kms.send(new DisableKeyCommand({ KeyId: KeyMetadata!.KeyId }))
    await expect(
      ssm.send(new GetParameterCommand({ Name: '/own-key', WithDecryption: true })),
    ).rejects.toMatchObject({ name: 'InvalidKeyId' })
  })
})

describe('what AWS publishes', () => {
  it('is there in every account, in none of them', async () => {
    const name = '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64'
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: name }))
    expect(Parameter).toMatchObject({
      Type: 'String',
      Value: expect.stringMatching(/^ami-[0-9a-f]{17}$/),
      ARN: `arn:aws:ssm:us-east-1::parameter${name}`,
    })
    const ecs = '/aws/service/ecs/optimized-ami/amazon-linux-2/recommended'
    const { Parameters } = await ssm.send(new GetParametersCommand({ Names: [ecs, `${ecs}/image_id`] }))
    expect(JSON.parse(Parameters![0]!.Value!).image_id).toBe(Parameters![1]!.Value)
    await expect(
      ssm.send(new GetParameterCommand({ Name: '/aws/service/ami-amazon-linux-latest/nothing' })),
    ).rejects.toMatchObject({ name: 'ParameterNotFound' })
  })

  it('tells the regions by path', async () => {
    const Path = '/aws/service/global-infrastructure/regions'
    const first = await ssm.send(new GetParametersByPathCommand({ Path }))
    expect(first.Parameters).toHaveLength(10)
    expect(first.Parameters![0]).toMatchObject({ Name: `${Path}/af-south-1`, Value: 'af-south-1' })
    const one = await ssm.send(new GetParametersByPathCommand({ Path: `${Path}/eu-west-1` }))
    expect(one.Parameters?.map(({ Name, Value }) => [Name!.split('/').at(-1), Value])).toContainEqual([
      'longName',
      'Europe (Ireland)',
    ])
  })

  it('cannot be put, and is not among the own ones', async () => {
    await expect(put('/aws/service/mine', 'x')).rejects.toMatchObject({ name: 'AccessDeniedException' })
    const { Parameters } = await ssm.send(new DescribeParametersCommand({}))
    expect(Parameters?.filter(({ Name }) => Name?.startsWith('/aws'))).toEqual([])
  })
})
