/** What lies in a data folder: nothing that others can reach, and no secret in clear. */
import { execFile } from 'node:child_process'
import { lstatSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import {
  CloudFormationClient,
  CreateChangeSetCommand,
  CreateStackCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation'
import {
  BatchGetBuildsCommand,
  CodeBuildClient,
  CreateProjectCommand,
  StartBuildCommand,
} from '@aws-sdk/client-codebuild'
import { CreateRepositoryCommand, ECRClient, GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr'
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  IAMClient,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam'
import { CreateKeyCommand, EncryptCommand, KMSClient } from '@aws-sdk/client-kms'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import {
  CreateSecretCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager'
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns'
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { GetSessionTokenCommand, STSClient } from '@aws-sdk/client-sts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { keys } from '../../src/cloud/services/kms/state.ts'
import { HUB, startTestCloud, type TestCloud } from './cloud.ts'
import { pushBlob, pushImage } from './ecr/images.ts'
import { newFolder, startOnCopy } from './interrupted.ts'
import { makeFunction, makeRole } from './lambda/functions.ts'

const run = promisify(execFile)

// As careless as can be; files that say nothing of their permissions are everybody's then.
const umask = process.umask(0)
afterAll(() => {
  process.umask(umask)
})

let test: TestCloud
/** Texts that must not be found, by what they are. */
const secrets = new Map<string, string>()
const secret = (what: string): string => {
  const text = `plain-${what.replaceAll(' ', '-')}-0123456789`
  secrets.set(what, text)
  return text
}

beforeAll(async () => {
  test = await startTestCloud({ data: newFolder(), secret: secret('secret key of root users') })
  const credentials = { accessKeyId: HUB, secretAccessKey: test.cloud.secret }
  const { client } = test
  test = { ...test, client: (one, options) => client(one, { credentials, ...options }) }
})

/** Paths below a folder that others have any permission on. */
function open(folder: string): string[] {
  const mode = lstatSync(folder).mode
  const below = lstatSync(folder).isDirectory()
    ? readdirSync(folder).flatMap((one) => open(join(folder, one)))
    : []
  const isLink = lstatSync(folder).isSymbolicLink()
  return (mode & 0o077) === 0 || isLink ? below : [`${folder} ${(mode & 0o777).toString(8)}`, ...below]
}

/** The secrets that stand in any file of a folder, as they are or in base64. */
function found(folder: string, sought: ReadonlyMap<string, string> = secrets): string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile())
  const contents = files.map((one) => readFileSync(join(one.parentPath, one.name), 'latin1'))
  const forms = (text: string) => [text, Buffer.from(text).toString('base64').replace(/.=*$/, '')]
  return [...sought]
    .filter(([, text]) => forms(text).some((form) => contents.some((content) => content.includes(form))))
    .map(([what]) => what)
}

async function storeSecrets(): Promise<void> {
  const secretsmanager = test.client(SecretsManagerClient)
  await secretsmanager.send(new CreateSecretCommand({ Name: 's', SecretString: secret('first secret') }))
  await secretsmanager.send(new PutSecretValueCommand({ SecretId: 's', SecretString: secret('secret') }))
  const parameter = { Name: '/p', Type: 'SecureString' as const, Value: secret('SecureString') }
  await test.client(SSMClient).send(new PutParameterCommand(parameter))
  const iam = test.client(IAMClient)
  await iam.send(new CreateUserCommand({ UserName: 'ada' }))
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'ada' }))
  secrets.set('secret access key', AccessKey!.SecretAccessKey!)
  const kms = test.client(KMSClient)
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}))
  const { KeyId } = KeyMetadata!
  await kms.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from(secret('encrypted text')) }))
  const material = test.cloud.store.of(keys, HUB, 'us-east-1').get(KeyId!)!.material[0]!
  secrets.set('key material', material)
  secrets.set('key material as bytes', Buffer.from(material, 'base64').toString('latin1'))
}

async function useSessions(): Promise<void> {
  const { Credentials } = await test.client(STSClient).send(new GetSessionTokenCommand({}))
  secrets.set('session token', Credentials!.SessionToken!)
  secrets.set('secret access key of a session', Credentials!.SecretAccessKey!)
  const token = await test.client(ECRClient).send(new GetAuthorizationTokenCommand({}))
  secrets.set('registry token', token.authorizationData![0]!.authorizationToken!)
}

const TEMPLATE = JSON.stringify({
  Parameters: { Password: { Type: 'String', NoEcho: true } },
  Resources: {
    Secret: { Type: 'AWS::SecretsManager::Secret', Properties: { SecretString: { Ref: 'Password' } } },
    Project: {
      Type: 'AWS::CodeBuild::Project',
      Properties: {
        Name: 'with-password',
        ServiceRole: { 'Fn::Sub': 'arn:aws:iam::${AWS::AccountId}:role/worker' },
        Source: { Type: 'NO_SOURCE', BuildSpec: { 'Fn::Sub': 'version: 0.2 # ${Password}' } },
        Artifacts: { Type: 'NO_ARTIFACTS' },
        Environment: {
          Type: 'LINUX_CONTAINER',
          Image: 'i',
          ComputeType: 'BUILD_GENERAL1_SMALL',
          EnvironmentVariables: [{ Name: 'PASSWORD', Value: { Ref: 'Password' } }],
        },
      },
    },
    Asked: {
      Type: 'Custom::Asked',
      Properties: {
        ServiceToken: { 'Fn::Sub': 'arn:aws:lambda:us-east-1:${AWS::AccountId}:function:silent' },
        Password: { Ref: 'Password' },
      },
    },
  },
})

describe('a data folder', () => {
  it('has secrets of every kind, none of them in clear', async () => {
    await storeSecrets()
    const role = await makeRole(test, 'worker', {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
    })
    const Service = ['lambda.amazonaws.com', 'codebuild.amazonaws.com']
    const trust = { Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' }
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [trust] })
    await test
      .client(IAMClient)
      .send(new UpdateAssumeRolePolicyCommand({ RoleName: 'worker', PolicyDocument }))
    await useSessions()
    // Answers nobody, so that what it was asked stays.
    const source = 'export const handler = () => new Promise((done) => setTimeout(done, 60_000))'
    await makeFunction(test.client(LambdaClient), 'silent', role, source, {
      Environment: { Variables: { SECRET: secret('variable of a function') } },
    })
    const cloudformation = test.client(CloudFormationClient)
    const password = secret('NoEcho value')
    const Parameters = [{ ParameterKey: 'Password', ParameterValue: password }]
    await cloudformation.send(new CreateStackCommand({ StackName: 's', TemplateBody: TEMPLATE, Parameters }))
    await cloudformation.send(
      new CreateChangeSetCommand({
        StackName: 't',
        ChangeSetName: 'c',
        ChangeSetType: 'CREATE',
        TemplateBody: TEMPLATE,
        Parameters: [{ ParameterKey: 'Password', ParameterValue: secret('NoEcho value of a change set') }],
      }),
    )
    await built(role)
    await test.cloud.store.flush()
    expect(found(test.cloud.folder)).toEqual([])
    const next = await startOnCopy(test.cloud)
    expect(found(next.cloud.folder)).toEqual([])
    const { Stacks } = await next
      .client(CloudFormationClient)
      .send(new DescribeStacksCommand({ StackName: 's' }))
    expect(Stacks?.[0]?.StackStatus).toBe('CREATE_IN_PROGRESS')
  }, 60_000)

  it('has files of every service, none of them anybody else’s', async () => {
    const { cloud } = test
    const s3 = test.client(S3Client)
    await s3.send(new CreateBucketCommand({ Bucket: 'files' }))
    const Body = Buffer.alloc(3_000_000, 'x')
    await s3.send(new PutObjectCommand({ Bucket: 'files', Key: 'large', Body }))
    const begun = { Bucket: 'files', Key: 'parts' }
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand(begun))
    await s3.send(new UploadPartCommand({ ...begun, UploadId, PartNumber: 1, Body }))
    const ecr = test.client(ECRClient)
    await ecr.send(new CreateRepositoryCommand({ repositoryName: 'images' }))
    await pushBlob(ecr, { repositoryName: 'images' }, Buffer.from('a layer'))
    await pushImage(ecr, { repositoryName: 'images' }, 'an image', 'v1')
    const lambda = test.client(LambdaClient)
    const role = await makeRole(test, 'writer')
    await makeFunction(lambda, 'writes', role, 'export const handler = async () => console.log("written")')
    await lambda.send(new InvokeCommand({ FunctionName: 'writes' }))
    const sns = test.client(SNSClient)
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'letters' }))
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: 'a@example.com' }))
    const work = newFolder()
    const git = (...words: string[]) =>
      run('git', ['-c', 'user.name=T', '-c', 'user.email=t@example.com', ...words], { cwd: work })
    await git('init', '--quiet', '--initial-branch=main')
    for (const text of ['one', 'two']) {
      writeFileSync(join(work, 'readme.txt'), text)
      await git('add', '.')
      await git('commit', '--quiet', '-m', text)
      const host = cloud.endpoint.replace('//', `//${HUB}:${cloud.secret}@`)
      await git('push', '--quiet', `${host}/_codeconnections/team/app.git`, 'main', `HEAD:branch-${text}`)
    }
    await cloud.store.flush()
    const parts = [
      'state',
      'objects',
      'images',
      'lambda',
      'logs',
      'outbox',
      'repositories',
      'session-key',
      'in-use-by',
    ]
    expect(readdirSync(cloud.folder)).toEqual(expect.arrayContaining(parts))
    expect(open(cloud.folder)).toEqual([])
    // The search finds what is there: logs are text, and say so in docs/cloud.md.
    expect(found(cloud.folder, new Map([['a line of a log', 'written']]))).toEqual(['a line of a log'])
  })
})

/** A build with a secret in its environment, which it neither prints nor exports. */
async function built(serviceRole: string): Promise<void> {
  const codebuild = test.client(CodeBuildClient)
  const variables = [
    { name: 'SECRET', value: 's', type: 'SECRETS_MANAGER' as const },
    { name: 'PARAMETER', value: '/p', type: 'PARAMETER_STORE' as const },
  ]
  await codebuild.send(
    new CreateProjectCommand({
      name: 'uses-secrets',
      serviceRole,
      source: {
        type: 'NO_SOURCE',
        buildspec: 'version: 0.2\nphases: {build: {commands: ["test -n \\"$SECRET$PARAMETER\\""]}}\n',
      },
      artifacts: { type: 'NO_ARTIFACTS' },
      environment: {
        type: 'LINUX_CONTAINER',
        image: 'i',
        computeType: 'BUILD_GENERAL1_SMALL',
        environmentVariables: variables,
      },
    }),
  )
  const ended = new Promise<void>((resolve) => {
    test.cloud.bus.listen(({ detailType, detail }) => {
      if (detailType === 'CodeBuild Build State Change' && detail['build-status'] !== 'IN_PROGRESS') resolve()
    })
  })
  const { build } = await codebuild.send(new StartBuildCommand({ projectName: 'uses-secrets' }))
  await ended
  const { builds } = await codebuild.send(new BatchGetBuildsCommand({ ids: [build!.id!] }))
  expect(builds?.[0]?.buildStatus).toBe('SUCCEEDED')
}
