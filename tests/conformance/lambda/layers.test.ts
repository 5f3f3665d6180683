/** Layers: published, shared, listed, deleted, and found by functions in both languages. */
import {
  AddLayerVersionPermissionCommand,
  CreateFunctionCommand,
  DeleteLayerVersionCommand,
  GetFunctionConfigurationCommand,
  GetLayerVersionByArnCommand,
  GetLayerVersionCommand,
  GetLayerVersionPolicyCommand,
  ListLayersCommand,
  ListLayerVersionsCommand,
  PublishLayerVersionCommand,
  RemoveLayerVersionPermissionCommand,
  type Runtime,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionUpdatedV2,
} from '@aws-sdk/client-lambda'
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { strFromU8, unzipSync } from 'fflate'
import { expect, it } from 'vitest'
import { DEV, HUB, startTestCloud } from '../cloud.ts'
import { driveStacks } from '../cloudformation/stack-driver.ts'
import { invoke, LambdaClient, makeFunction, makeRole, zip } from './functions.ts'

const test = await startTestCloud()
const lambda = test.client(LambdaClient)
const role = await makeRole(test, 'runner')
const arnOf = (name: string) => `arn:aws:lambda:us-east-1:${HUB}:layer:${name}`

const publish = (LayerName: string, files: Record<string, string>, more: object = {}) =>
  lambda.send(new PublishLayerVersionCommand({ LayerName, Content: { ZipFile: zip(files) }, ...more }))

const words = (what: string) => ({
  'nodejs/node_modules/words/package.json': '{"main":"index.js","exports":{".":"./index.js"}}',
  'nodejs/node_modules/words/index.js': `module.exports = ${JSON.stringify(what)}`,
})

it.each<[string, Runtime, Record<string, string>, Record<string, string>]>([
  [
    'a CommonJS module',
    'nodejs20.x',
    words('from a layer'),
    { 'index.js': 'exports.handler = async () => require("words")' },
  ],
  [
    'an ES module',
    'nodejs20.x',
    words('from a layer'),
    { 'index.mjs': 'import words from "words"; export const handler = async () => words' },
  ],
  [
    'a package that is an ES module alone, of one Node',
    'nodejs20.x',
    {
      'nodejs/node20/node_modules/words/package.json': '{"type":"module","exports":{"import":"./index.js"}}',
      'nodejs/node20/node_modules/words/index.js': 'export default "from a layer"',
    },
    { 'index.mjs': 'export const handler = async () => (await import("words")).default' },
  ],
  [
    'a Python module',
    'python3.12',
    { 'python/words.py': 'says = "from a layer"' },
    { 'index.py': 'import words\ndef handler(event, context): return words.says' },
  ],
  [
    'a Python package of one version',
    'python3.12',
    { 'python/lib/python3.12/site-packages/words/__init__.py': 'says = "from a layer"' },
    { 'index.py': 'import words\ndef handler(event, context): return words.says' },
  ],
  [
    'a program',
    'nodejs20.x',
    { 'bin/say': 'echo from a layer' },
    {
      'index.mjs':
        'import { execSync } from "node:child_process"; export const handler = async () => execSync(`sh ${process.env.PATH.split(":")[0]}/say`).toString().trim()',
    },
  ],
])('%s finds what is in its layer', async (name, Runtime, layer, files) => {
  const id = name.replaceAll(/\W/g, '-')
  const { LayerVersionArn } = await publish(id, layer)
  await makeFunction(lambda, id, role, files, { Runtime, Layers: [LayerVersionArn!] })
  expect((await invoke(lambda, id)).result).toBe('from a layer')
})

it('lays later layers over earlier ones, and its own code over all', async () => {
  const [one, two] = [await publish('lower', words('lower')), await publish('upper', words('upper'))]
  const Layers = [one.LayerVersionArn!, two.LayerVersionArn!]
  const source = { 'index.js': 'exports.handler = async () => require("words")' }
  await makeFunction(lambda, 'laid', role, source, { Layers })
  expect((await invoke(lambda, 'laid')).result).toBe('upper')
  const own = { ...source, 'node_modules/words/index.js': 'module.exports = "own"' }
  await makeFunction(lambda, 'laid-own', role, own, { Layers })
  expect((await invoke(lambda, 'laid-own')).result).toBe('own')
  const FunctionName = 'laid'
  await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Layers: [Layers[0]!] }))
  await waitUntilFunctionUpdatedV2(
    { client: lambda, maxWaitTime: 5, minDelay: 0.01, maxDelay: 0.02 },
    { FunctionName },
  )
  expect((await invoke(lambda, FunctionName)).result).toBe('lower')
  const shown = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }))
  expect(shown.Layers).toMatchObject([{ Arn: Layers[0] }])
})

it('numbers versions and never gives a number twice; functions keep what is deleted', async () => {
  const first = await publish('kept', words('first'), {
    Description: 'one',
    CompatibleRuntimes: ['nodejs20.x'],
    LicenseInfo: 'MIT',
  })
  expect(first).toMatchObject({
    LayerArn: arnOf('kept'),
    LayerVersionArn: `${arnOf('kept')}:1`,
    Version: 1,
    Description: 'one',
    CompatibleRuntimes: ['nodejs20.x'],
    LicenseInfo: 'MIT',
  })
  await makeFunction(
    lambda,
    'keeper',
    role,
    { 'index.js': 'exports.handler = async () => require("words")' },
    {
      Layers: [first.LayerVersionArn!],
    },
  )
  const at = { LayerName: 'kept', VersionNumber: 1 }
  const shown = await lambda.send(new GetLayerVersionCommand(at))
  const archive = new Uint8Array(await (await fetch(shown.Content!.Location!)).arrayBuffer())
  expect(strFromU8(unzipSync(archive)['nodejs/node_modules/words/index.js']!)).toContain('first')
  await lambda.send(new DeleteLayerVersionCommand(at))
  await lambda.send(new DeleteLayerVersionCommand(at))
  await test.cloud.settled()
  expect((await invoke(lambda, 'keeper')).result).toBe('first')
  await expect(
    lambda.send(new GetLayerVersionByArnCommand({ Arn: first.LayerVersionArn })),
  ).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  expect((await publish('kept', words('second'))).Version).toBe(2)
  const list = await lambda.send(new ListLayerVersionsCommand({ LayerName: 'kept' }))
  expect(list.LayerVersions?.map((one) => one.Version)).toEqual([2])
  const { Layers } = await lambda.send(new ListLayersCommand({}))
  expect(Layers).toContainEqual(
    expect.objectContaining({
      LayerName: 'kept',
      LatestMatchingVersion: expect.objectContaining({ Version: 2 }),
    }),
  )
  const python = await lambda.send(new ListLayersCommand({ CompatibleRuntime: 'python3.12' }))
  expect(python.Layers).toEqual([])
})

it('is used by other accounts as its policy lets them', async () => {
  const { LayerVersionArn } = await publish('common', words('shared'))
  const guest = test.client(LambdaClient, { account: DEV })
  const other = await makeRole(
    { ...test, client: (made, options) => test.client(made, { ...options, account: DEV }) },
    'guest-runner',
  )
  const make = () =>
    guest.send(
      new CreateFunctionCommand({
        FunctionName: 'guest',
        Role: other,
        Runtime: 'nodejs20.x',
        Handler: 'index.handler',
        Code: { ZipFile: zip({ 'index.js': 'exports.handler = async () => require("words")' }) },
        Layers: [LayerVersionArn!],
      }),
    )
  await expect(make()).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message: expect.stringContaining(`lambda:GetLayerVersion on resource: ${LayerVersionArn}`),
  })
  const at = { LayerName: 'common', VersionNumber: 1 }
  const statement = { StatementId: 'dev', Action: 'lambda:GetLayerVersion', Principal: DEV }
  const added = await lambda.send(new AddLayerVersionPermissionCommand({ ...at, ...statement }))
  expect(JSON.parse(added.Statement!)).toMatchObject({
    Principal: { AWS: `arn:aws:iam::${DEV}:root` },
    Resource: LayerVersionArn,
  })
  await expect(
    lambda.send(new AddLayerVersionPermissionCommand({ ...at, ...statement })),
  ).rejects.toMatchObject({ name: 'ResourceConflictException' })
  await make()
  expect(
    JSON.parse((await lambda.send(new GetLayerVersionPolicyCommand(at))).Policy!).Statement,
  ).toHaveLength(1)
  await lambda.send(new RemoveLayerVersionPermissionCommand({ ...at, StatementId: 'dev' }))
  await expect(lambda.send(new GetLayerVersionPolicyCommand(at))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  })
})

it.each<[string, () => Promise<string[]>, RegExp]>([
  ['one that is not there', async () => [`${arnOf('none')}:1`], /Layer version .*none:1 does not exist/],
  [
    'one of another region',
    async () => [`arn:aws:lambda:eu-west-1:${HUB}:layer:x:1`],
    /expected to be in region us-east-1/,
  ],
  [
    'two versions of one',
    async () => {
      await publish('twice', words('a'))
      await publish('twice', words('b'))
      return [1, 2].map((one) => `${arnOf('twice')}:${one}`)
    },
    /Two different versions of the same layer/,
  ],
  [
    'six',
    async () => Array.from({ length: 6 }, (_, one) => `${arnOf(`l${one}`)}:1`),
    /Cannot reference more than 5 layers/,
  ],
])('refuses a function %s', async (name, layersOf, message) => {
  const made = makeFunction(lambda, `refuses-${name.replaceAll(/\W/g, '-')}`, role, 'x', {
    Layers: await layersOf(),
  })
  await expect(made).rejects.toMatchObject({
    name: 'InvalidParameterValueException',
    message: expect.stringMatching(message),
  })
})

it('comes with a serverless application', async () => {
  const s3 = test.client(S3Client)
  await s3.send(new CreateBucketCommand({ Bucket: 'layer-code' }))
  await s3.send(new PutObjectCommand({ Bucket: 'layer-code', Key: 'l.zip', Body: zip(words('of a stack')) }))
  const stacks = driveStacks(test)
  const stack = await stacks.create(
    'layered',
    {
      Transform: 'AWS::Serverless-2016-10-31',
      Resources: {
        Words: {
          Type: 'AWS::Serverless::LayerVersion',
          Properties: { ContentUri: { Bucket: 'layer-code', Key: 'l.zip' } },
        },
        Share: {
          Type: 'AWS::Lambda::LayerVersionPermission',
          Properties: { LayerVersionArn: { Ref: 'Words' }, Action: 'lambda:GetLayerVersion', Principal: DEV },
        },
        Function: {
          Type: 'AWS::Serverless::Function',
          Properties: {
            ...{ Runtime: 'nodejs20.x', Handler: 'index.handler', Role: role, Layers: [{ Ref: 'Words' }] },
            InlineCode: "exports.handler = async () => require('words')",
          },
        },
      },
      Outputs: { Name: { Value: { Ref: 'Function' } } },
    } as never,
    { Capabilities: ['CAPABILITY_AUTO_EXPAND'] },
  )
  expect(stack.StackStatus, (await stacks.events('layered')).join('\n')).toBe('CREATE_COMPLETE')
  const { Name } = await stacks.outputs('layered')
  expect((await invoke(lambda, Name!)).result).toBe('of a stack')
  expect((await stacks.remove('layered')).StackStatus).toBe('DELETE_COMPLETE')
})
