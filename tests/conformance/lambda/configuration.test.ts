/** Functions' configuration, versions, aliases, permissions and code, through the SDK client. */
import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam'
import {
  AddPermissionCommand,
  CreateAliasCommand,
  CreateFunctionCommand,
  DeleteAliasCommand,
  DeleteFunctionCommand,
  GetFunctionCodeSigningConfigCommand,
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  GetFunctionRecursionConfigCommand,
  GetPolicyCommand,
  GetRuntimeManagementConfigCommand,
  InvokeCommand,
  ListFunctionsCommand,
  ListTagsCommand,
  ListVersionsByFunctionCommand,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
  RemovePermissionCommand,
  TagResourceCommand,
  UpdateAliasCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionUpdatedV2,
} from '@aws-sdk/client-lambda'
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { strFromU8, unzipSync, zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { DEV, HUB, startTestCloud } from '../cloud.ts'
import { IAMClient, invoke, LambdaClient, makeFunction, makeRole, until, zip } from './functions.ts'

const test = await startTestCloud()
const lambda = test.client(LambdaClient)
const iam = test.client(IAMClient)
const role = await makeRole(test, 'runner')
const arnOf = (name: string) => `arn:aws:lambda:us-east-1:${HUB}:function:${name}`
const saying = (what: string) => `export const handler = async () => ${JSON.stringify(what)}`

const updated = (FunctionName: string) =>
  waitUntilFunctionUpdatedV2(
    { client: lambda, maxWaitTime: 5, minDelay: 0.01, maxDelay: 0.02 },
    { FunctionName },
  )

/** A client of a user who may do only what is listed. */
async function userWith(name: string, statements: object[], account = HUB) {
  const own = test.client(IAMClient, { account })
  await own.send(new CreateUserCommand({ UserName: name }))
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: statements })
  await own.send(new PutUserPolicyCommand({ UserName: name, PolicyName: 'own', PolicyDocument }))
  const { AccessKey } = await own.send(new CreateAccessKeyCommand({ UserName: name }))
  return test.client(LambdaClient, {
    credentials: { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! },
  })
}

const create = (name: string, more: object = {}, client = lambda) =>
  client.send(
    new CreateFunctionCommand({
      FunctionName: name,
      Role: role,
      Runtime: 'nodejs20.x',
      Handler: 'index.handler',
      Code: { ZipFile: zip({ 'index.mjs': saying(name) }) },
      ...more,
    }),
  )

describe('CreateFunction', () => {
  it('starts pending and becomes active', async () => {
    const made = await makeFunction(lambda, 'fresh', role, saying('x'), {
      Description: 'new',
      Tags: { team: 'a' },
    })
    expect(made).toMatchObject({
      FunctionArn: arnOf('fresh'),
      State: 'Pending',
      StateReasonCode: 'Creating',
      Version: '$LATEST',
      Timeout: 3,
      MemorySize: 128,
      LoggingConfig: { LogFormat: 'Text', LogGroup: '/aws/lambda/fresh' },
    })
    const { Configuration, Code, Tags } = await lambda.send(new GetFunctionCommand({ FunctionName: 'fresh' }))
    expect(Configuration).toMatchObject({ State: 'Active', LastUpdateStatus: 'Successful' })
    expect(Tags).toEqual({ team: 'a' })
    const archive = await fetch(Code!.Location!)
    expect(strFromU8(unzipSync(new Uint8Array(await archive.arrayBuffer()))['index.mjs']!)).toBe(saying('x'))
    expect((await fetch(Code!.Location!.replace(/until=\d/, 'until=9'))).status).toBe(403)
  })

  it.each<[string, object, string, string | RegExp]>([
    [
      'a role that is not there',
      { Role: `arn:aws:iam::${HUB}:role/none` },
      'InvalidParameterValueException',
      'The role defined for the function cannot be assumed by Lambda.',
    ],
    [
      'a role of another account',
      { Role: `arn:aws:iam::${DEV}:role/runner` },
      'AccessDeniedException',
      'Cross-account pass role is not allowed.',
    ],
    [
      'another runtime',
      { Runtime: 'java21' },
      'InvalidParameterValueException',
      /runs Node and Python functions only.*"java21"/,
    ],
    [
      'a runtime of the past',
      { Runtime: 'nodejs10.x' },
      'InvalidParameterValueException',
      /^The runtime parameter of nodejs10\.x is no longer supported for creating or updating AWS Lambda functions\. We /,
    ],
    [
      'a Python of the past',
      { Runtime: 'python2.7' },
      'InvalidParameterValueException',
      /^The runtime parameter of python2\.7 is no longer supported/,
    ],
    [
      'what is no archive',
      { Code: { ZipFile: new Uint8Array([1, 2, 3]) } },
      'InvalidParameterValueException',
      /^Could not unzip uploaded file/,
    ],
    ['no code', { Code: {} }, 'InvalidParameterValueException', 'Please provide a source for function code.'],
    [
      'an archive that leads outside',
      { Code: { ZipFile: zipSync({ '../out.txt': new Uint8Array() }) } },
      'InvalidParameterValueException',
      /^Could not unzip/,
    ],
    [
      'half a VPC',
      { VpcConfig: { SubnetIds: ['subnet-1'] } },
      'InvalidParameterValueException',
      'SubnetIds and SecurityIds must coexist or be both empty list.',
    ],
    [
      'SnapStart of a runtime that has none',
      { SnapStart: { ApplyOn: 'PublishedVersions' } },
      'InvalidParameterValueException',
      'nodejs20.x is not supported for SnapStart enabled functions.',
    ],
    ['an image', { PackageType: 'Image' }, 'InvalidParameterValueException', /container images/],
    [
      'a reserved variable',
      { Environment: { Variables: { AWS_REGION: 'x' } } },
      'InvalidParameterValueException',
      /Reserved keys used in this request: AWS_REGION/,
    ],
  ])('refuses %s', async (name, more, code, message) => {
    await expect(create(`refused-${name.replaceAll(/\W/g, '-')}`, more)).rejects.toMatchObject({
      name: code,
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    })
  })

  it('refuses a role that does not trust Lambda, and a second function of the name', async () => {
    const trust = {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { Service: 'codebuild.amazonaws.com' }, Action: 'sts:AssumeRole' },
      ],
    }
    const { Role } = await iam.send(
      new CreateRoleCommand({ RoleName: 'builder', AssumeRolePolicyDocument: JSON.stringify(trust) }),
    )
    await expect(create('untrusted', { Role: Role!.Arn })).rejects.toMatchObject({
      message: 'The role defined for the function cannot be assumed by Lambda.',
    })
    await makeFunction(lambda, 'single', role, saying('x'))
    await expect(create('single')).rejects.toMatchObject({
      name: 'ResourceConflictException',
      message: 'Function already exist: single',
    })
  })

  it('takes iam:PassRole', async () => {
    const allow = { Effect: 'Allow', Action: 'lambda:*', Resource: '*' }
    const without = await userWith('no-pass', [allow])
    await expect(create('passed', {}, without)).rejects.toMatchObject({
      name: 'AccessDeniedException',
      $metadata: { httpStatusCode: 403 },
      message: `User: arn:aws:iam::${HUB}:user/no-pass is not authorized to perform: iam:PassRole on resource: ${role} because no identity-based policy allows the iam:PassRole action`,
    })
    const pass = {
      Effect: 'Allow',
      Action: 'iam:PassRole',
      Resource: role,
      Condition: { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } },
    }
    await create('passed', {}, await userWith('pass', [allow, pass]))
  })
})

describe('code in S3', () => {
  const s3 = test.client(S3Client)
  const upload = async (Key: string, text: string) =>
    s3.send(new PutObjectCommand({ Bucket: 'function-code', Key, Body: zip({ 'index.mjs': text }) }))

  it('is read with the rights of the caller', async () => {
    await s3.send(new CreateBucketCommand({ Bucket: 'function-code' }))
    await upload('a.zip', saying('from S3'))
    const Code = { S3Bucket: 'function-code', S3Key: 'a.zip' }
    await makeFunction(lambda, 'from-s3', role, '', { Code })
    expect((await invoke(lambda, 'from-s3')).result).toBe('from S3')
    const restricted = await userWith('no-s3', [
      { Effect: 'Allow', Action: ['lambda:*', 'iam:PassRole'], Resource: '*' },
    ])
    await expect(create('denied', { Code }, restricted)).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringMatching(
        /^Your access has been denied by S3, please make sure your request credentials have permission to GetObject for function-code\/a\.zip\. S3 Error Code: AccessDenied\. S3 Error Message: User: .*no-s3 is not authorized to perform: s3:GetObject/,
      ),
    })
    await expect(create('absent', { Code: { ...Code, S3Key: 'none.zip' } })).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
      message: expect.stringContaining('S3 Error Code: NoSuchKey.'),
    })
  })
})

describe('updates', () => {
  it('take effect on the next invocation, and are in progress until then', async () => {
    await makeFunction(lambda, 'changing', role, saying('one'))
    expect((await invoke(lambda, 'changing')).result).toBe('one')
    const changed = await lambda.send(
      new UpdateFunctionCodeCommand({
        FunctionName: 'changing',
        ZipFile: zip({ 'index.mjs': saying('two') }),
      }),
    )
    expect(changed.LastUpdateStatus).toBe('InProgress')
    await updated('changing')
    expect((await invoke(lambda, 'changing')).result).toBe('two')
    await lambda.send(
      new UpdateFunctionConfigurationCommand({
        FunctionName: 'changing',
        Timeout: 9,
        Environment: { Variables: { AB: 'c' } },
      }),
    )
    await updated('changing')
    const now = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: 'changing' }))
    expect(now).toMatchObject({
      Timeout: 9,
      Environment: { Variables: { AB: 'c' } },
      Handler: 'index.handler',
    })
  })

  it('are refused for another revision', async () => {
    await makeFunction(lambda, 'revised', role, saying('x'))
    await expect(
      lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'revised', RevisionId: 'old' })),
    ).rejects.toMatchObject({ name: 'PreconditionFailedException' })
  })
})

describe('versions and aliases', () => {
  it('keep what was published', async () => {
    await makeFunction(lambda, 'released', role, saying('one'))
    const first = await lambda.send(new PublishVersionCommand({ FunctionName: 'released' }))
    expect(first).toMatchObject({ Version: '1', FunctionArn: `${arnOf('released')}:1` })
    const again = await lambda.send(new PublishVersionCommand({ FunctionName: 'released' }))
    expect(again.Version).toBe('1')
    await lambda.send(
      new UpdateFunctionCodeCommand({
        FunctionName: 'released',
        ZipFile: zip({ 'index.mjs': saying('two') }),
      }),
    )
    await updated('released')
    await lambda.send(new PublishVersionCommand({ FunctionName: 'released', Description: 'second' }))
    await lambda.send(
      new CreateAliasCommand({ FunctionName: 'released', Name: 'live', FunctionVersion: '1' }),
    )
    const call = (FunctionName: string) =>
      until(
        () => invoke(lambda, FunctionName).catch(() => ({ result: undefined, ExecutedVersion: '' })),
        (one) => one.result !== undefined,
      )
    expect(await call('released:1')).toMatchObject({ result: 'one', ExecutedVersion: '1' })
    expect(await call(`${arnOf('released')}:live`)).toMatchObject({ result: 'one', ExecutedVersion: '1' })
    await lambda.send(
      new UpdateAliasCommand({
        FunctionName: 'released',
        Name: 'live',
        RoutingConfig: { AdditionalVersionWeights: { 2: 1 } },
      }),
    )
    expect(await call('released:live')).toMatchObject({ result: 'two', ExecutedVersion: '2' })
    const { Versions } = await lambda.send(new ListVersionsByFunctionCommand({ FunctionName: 'released' }))
    expect(Versions?.map((one) => one.Version)).toEqual(['$LATEST', '1', '2'])
    await expect(
      lambda.send(new DeleteFunctionCommand({ FunctionName: 'released', Qualifier: '1' })),
    ).rejects.toMatchObject({ name: 'ResourceConflictException' })
    await lambda.send(new DeleteAliasCommand({ FunctionName: 'released', Name: 'live' }))
    await lambda.send(new DeleteFunctionCommand({ FunctionName: 'released', Qualifier: '1' }))
    await lambda.send(new DeleteFunctionCommand({ FunctionName: 'released' }))
    await expect(invoke(lambda, 'released:2')).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  })
})

describe('permissions', () => {
  it('let others invoke, one statement at a time', async () => {
    await makeFunction(lambda, 'open', role, saying('welcome'))
    const guest = await userWith(
      'guest',
      [{ Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: '*' }],
      DEV,
    )
    const call = () => guest.send(new InvokeCommand({ FunctionName: arnOf('open') }))
    await expect(call()).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining('no resource-based policy allows the lambda:InvokeFunction action'),
    })
    const added = await lambda.send(
      new AddPermissionCommand({
        FunctionName: 'open',
        StatementId: 'dev',
        Action: 'lambda:InvokeFunction',
        Principal: DEV,
      }),
    )
    expect(JSON.parse(added.Statement!)).toEqual({
      Sid: 'dev',
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${DEV}:root` },
      Action: 'lambda:InvokeFunction',
      Resource: arnOf('open'),
    })
    expect((await call()).StatusCode).toBe(200)
    const { Policy } = await lambda.send(new GetPolicyCommand({ FunctionName: 'open' }))
    expect(JSON.parse(Policy!).Statement).toHaveLength(1)
    await lambda.send(new RemovePermissionCommand({ FunctionName: 'open', StatementId: 'dev' }))
    await expect(call()).rejects.toMatchObject({ name: 'AccessDeniedException' })
    await expect(lambda.send(new GetPolicyCommand({ FunctionName: 'open' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    })
  })

  it('write the conditions of AWS, and refuse principals that are not there', async () => {
    await makeFunction(lambda, 'conditions', role, saying('x'))
    const add = (StatementId: string, Principal: string, more: object = {}) =>
      lambda.send(
        new AddPermissionCommand({
          FunctionName: 'conditions',
          StatementId,
          Action: 'lambda:InvokeFunction',
          Principal,
          ...more,
        }),
      )
    const { Statement } = await add('s3', 's3.amazonaws.com', {
      SourceArn: 'arn:aws:s3:::b',
      SourceAccount: HUB,
    })
    expect(JSON.parse(Statement!)).toMatchObject({
      Principal: { Service: 's3.amazonaws.com' },
      Condition: {
        StringEquals: { 'AWS:SourceAccount': HUB },
        ArnLike: { 'AWS:SourceArn': 'arn:aws:s3:::b' },
      },
    })
    await expect(add('s3', 's3.amazonaws.com')).rejects.toMatchObject({ name: 'ResourceConflictException' })
    await expect(add('ghost', `arn:aws:iam::${HUB}:role/ghost`)).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
      message: 'The provided principal was invalid. Please check the principal and try again.',
    })
  })
})

it('throttles at the reserved concurrency', async () => {
  await makeFunction(
    lambda,
    'reserved',
    role,
    'export const handler = () => new Promise((r) => setTimeout(r, 200))',
  )
  await lambda.send(
    new PutFunctionConcurrencyCommand({ FunctionName: 'reserved', ReservedConcurrentExecutions: 1 }),
  )
  const answers = await Promise.allSettled([invoke(lambda, 'reserved'), invoke(lambda, 'reserved')])
  const refused = answers.find((one) => one.status === 'rejected')
  expect(refused?.reason).toMatchObject({
    name: 'TooManyRequestsException',
    $metadata: { httpStatusCode: 429 },
    Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
  })
})

it('takes an update of the role at once: without its trust nothing runs', async () => {
  const own = await makeRole(test, 'own')
  await iam.send(
    new PutRolePolicyCommand({
      RoleName: 'own',
      PolicyName: 'p',
      PolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 'sts:*', Resource: '*' }],
      }),
    }),
  )
  await makeFunction(lambda, 'roles', own, saying('x'))
  await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'roles', Role: role }))
  await updated('roles')
  expect((await invoke(lambda, 'roles')).result).toBe('x')
})

it('lists functions in pages and keeps tags', async () => {
  const apart = test.client(LambdaClient, { region: 'eu-west-1' })
  for (const name of ['p1', 'p2', 'p3']) await makeFunction(apart, name, role, saying(name))
  const first = await apart.send(new ListFunctionsCommand({ MaxItems: 2 }))
  const rest = await apart.send(new ListFunctionsCommand({ MaxItems: 2, Marker: first.NextMarker }))
  expect([...first.Functions!, ...rest.Functions!].map((one) => one.FunctionName)).toEqual(['p1', 'p2', 'p3'])
  const Resource = first.Functions![0]!.FunctionArn!
  await apart.send(new TagResourceCommand({ Resource, Tags: { a: '1' } }))
  expect((await apart.send(new ListTagsCommand({ Resource }))).Tags).toEqual({ a: '1' })
})

describe('settings that nobody has set', () => {
  it('are told as AWS has them by default', async () => {
    const FunctionName = 'plain-settings'
    await makeFunction(lambda, FunctionName, role, saying('x'))
    const signing = await lambda.send(new GetFunctionCodeSigningConfigCommand({ FunctionName }))
    expect(signing).toMatchObject({ FunctionName })
    expect(signing.CodeSigningConfigArn).toBeUndefined()
    const { RecursiveLoop } = await lambda.send(new GetFunctionRecursionConfigCommand({ FunctionName }))
    expect(RecursiveLoop).toBe('Terminate')
    const runtime = await lambda.send(new GetRuntimeManagementConfigCommand({ FunctionName }))
    expect(runtime).toMatchObject({ UpdateRuntimeOn: 'Auto', FunctionArn: arnOf(FunctionName) })
    expect(runtime.RuntimeVersionArn).toBeUndefined()
  })

  it.each([
    GetFunctionCodeSigningConfigCommand,
    GetFunctionRecursionConfigCommand,
    GetRuntimeManagementConfigCommand,
  ])('are told of functions that there are, to those who may ask: %o', async (Command) => {
    const missing = new Command({ FunctionName: 'nowhere' })
    await expect(lambda.send(missing as never)).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
    const stranger = await userWith(`no-${Command.name.toLowerCase()}`, [
      { Effect: 'Allow', Action: 'lambda:GetFunction', Resource: '*' },
    ])
    await expect(stranger.send(missing as never)).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining(`lambda:${Command.name.replace('Command', '')}`),
    })
  })
})
