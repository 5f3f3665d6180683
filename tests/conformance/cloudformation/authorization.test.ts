/** Who may do what to a stack, and as whom the stack acts. */
import {
  CreateChangeSetCommand,
  CreateStackCommand,
  ExecuteChangeSetCommand,
} from '@aws-sdk/client-cloudformation'
import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  IAMClient,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam'
import { HeadBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { expect, test } from 'vitest'
import { startTestCloud } from '../cloud.ts'
import { driveStacks } from './stack-driver.ts'

const running = await startTestCloud()
const iam = running.client(IAMClient)
const root = driveStacks(running)
const bucket = (name: string) => ({
  Resources: { B: { Type: 'AWS::S3::Bucket', Properties: { BucketName: name } } },
})

const statement = (Action: string | string[], Resource = '*', more: object = {}) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
})
const document = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement })

/** A user with these statements, driving stacks. */
const as = async (name: string, ...statements: object[]) => {
  await iam.send(new CreateUserCommand({ UserName: name }))
  await iam.send(
    new PutUserPolicyCommand({ UserName: name, PolicyName: 'p', PolicyDocument: document(...statements) }),
  )
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: name }))
  const credentials = { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! }
  return driveStacks(running, { credentials })
}
const makeRole = async (name: string, principal: object, ...statements: object[]) => {
  const trust = document({ Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole' })
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: trust }))
  await iam.send(
    new PutRolePolicyCommand({ RoleName: name, PolicyName: 'p', PolicyDocument: document(...statements) }),
  )
  return Role!.Arn!
}
const cloudformation = { Service: 'cloudformation.amazonaws.com' }

test('makes resources as its caller where it has no role', async () => {
  const user = await as('maker', statement('cloudformation:*'))
  const stack = await user.create('as-caller', bucket('as-caller-bucket'))
  expect(stack.StackStatus).toBe('ROLLBACK_COMPLETE')
  const [failure] = (await user.events('as-caller')).filter((one) => one.startsWith('B CREATE_FAILED'))
  expect(failure).toMatch(
    /^B CREATE_FAILED Resource handler returned message: "User: arn:aws:iam::111111111111:user\/maker is not authorized to perform: s3:CreateBucket on resource: "?arn:aws:s3:::as-caller-bucket"? because no identity-based policy allows the s3:CreateBucket action \(Service: S3, Status Code: 403, Request ID: [\w-]+\)" \(RequestToken: [\w-]+, HandlerErrorCode: AccessDenied\)$/,
  )
})

test('makes resources with its role, which is kept for all that follows', async () => {
  const role = await makeRole('stack-role', cloudformation, statement('s3:*'))
  const user = await as('passer', statement('cloudformation:*'), statement('iam:PassRole', role))
  const stack = await user.create('with-role', bucket('with-role-bucket'), { RoleARN: role })
  expect(stack).toMatchObject({ StackStatus: 'CREATE_COMPLETE', RoleARN: role })
  await running.client(S3Client).send(new HeadBucketCommand({ Bucket: 'with-role-bucket' }))
  const made = running.cloud.trail
    .entries()
    .find((one) => one.action === 's3:CreateBucket' && one.resource.endsWith('with-role-bucket'))
  expect(made?.caller).toBe('arn:aws:sts::111111111111:assumed-role/stack-role/AWSCloudFormation')
  expect((await user.remove('with-role')).StackStatus).toBe('DELETE_COMPLETE')
})

test('wants iam:PassRole for the role, to CloudFormation', async () => {
  const role = await makeRole('unpassable', cloudformation, statement('s3:*'))
  const wrong = { Condition: { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } } }
  const user = await as('no-passer', statement('cloudformation:*'), statement('iam:PassRole', role, wrong))
  await expect(user.create('unpassed', bucket('unpassed-bucket'), { RoleARN: role })).rejects.toThrow(
    `User: arn:aws:iam::111111111111:user/no-passer is not authorized to perform: iam:PassRole on resource: ${role} because no identity-based policy allows the iam:PassRole action`,
  )
})

test('refuses a role that does not trust it, and a role of another account', async () => {
  const role = await makeRole('distrustful', { Service: 'lambda.amazonaws.com' }, statement('s3:*'))
  await expect(root.create('distrusted', bucket('distrusted-bucket'), { RoleARN: role })).rejects.toThrow(
    `Role ${role} is invalid or cannot be assumed`,
  )
  await expect(root.describe('distrusted')).rejects.toThrow('does not exist')
  await expect(
    root.create('foreign', bucket('foreign-bucket'), { RoleARN: 'arn:aws:iam::222222222222:role/r' }),
  ).rejects.toThrow('Cross-account pass role is not allowed.')
})

test('is asked for each action on the stack by its ARN', async () => {
  const own = 'arn:aws:cloudformation:us-east-1:111111111111:stack/mine-*/*'
  const user = await as('owner', statement('cloudformation:*', own), statement('s3:*'))
  expect((await user.create('mine-1', bucket('mine-1-bucket'))).StackStatus).toBe('CREATE_COMPLETE')
  await expect(user.create('other', bucket('other-bucket'))).rejects.toMatchObject({
    name: 'AccessDenied',
    message:
      'User: arn:aws:iam::111111111111:user/owner is not authorized to perform: cloudformation:CreateStack on resource: arn:aws:cloudformation:us-east-1:111111111111:stack/other/* because no identity-based policy allows the cloudformation:CreateStack action',
  })
})

test('gives the role and the name of a change set as condition keys', async () => {
  const role = await makeRole('conditioned', cloudformation, statement('s3:*'))
  const only = { Condition: { StringEquals: { 'cloudformation:RoleArn': role } } }
  const named = { Condition: { StringEquals: { 'cloudformation:ChangeSetName': 'good' } } }
  const user = await as(
    'limited',
    statement(['cloudformation:CreateStack'], '*', only),
    statement(['cloudformation:CreateChangeSet', 'cloudformation:ExecuteChangeSet'], '*', named),
    statement(['cloudformation:DescribeStacks', 's3:*']),
    statement('iam:PassRole', role),
  )
  const body = (name: string) => JSON.stringify(bucket(name))
  await expect(
    user.client.send(new CreateStackCommand({ StackName: 'c', TemplateBody: body('c-bucket') })),
  ).rejects.toThrow(/CreateStack/)
  await user.client.send(
    new CreateStackCommand({ StackName: 'c', TemplateBody: body('c-bucket'), RoleARN: role }),
  )
  await running.cloud.settled()
  const set = (ChangeSetName: string) =>
    new CreateChangeSetCommand({
      StackName: 'd',
      ChangeSetName,
      ChangeSetType: 'CREATE',
      TemplateBody: body('d-bucket'),
    })
  await expect(user.client.send(set('bad'))).rejects.toThrow(/CreateChangeSet/)
  const { Id, StackId } = await user.client.send(set('good'))
  await running.cloud.settled()
  await user.client.send(new ExecuteChangeSetCommand({ ChangeSetName: Id }))
  expect((await user.describe(StackId!)).StackStatus).toBe('CREATE_COMPLETE')
})

test('deletes what it made and is not allowed to read back', async () => {
  const parameter = (Name: string) => ({
    Resources: { P: { Type: 'AWS::SSM::Parameter', Properties: { Name, Type: 'String', Value: 'x' } } },
  })
  const second = 'arn:aws:ssm:us-east-1:111111111111:parameter/second'
  const RoleARN = await makeRole('blind', cloudformation, statement('ssm:*'), {
    Effect: 'Deny',
    Action: 'ssm:GetParameters',
    Resource: second,
  })
  const ssm = running.client(SSMClient)
  const look = (Name: string) => ssm.send(new GetParameterCommand({ Name }))
  const denied =
    /ssm:GetParameters on resource: "?arn:aws:ssm:us-east-1:111111111111:parameter\/second"? with an explicit deny .*HandlerErrorCode: AccessDenied/

  const made = await root.create('blind-create', parameter('second'), { RoleARN })
  expect(made.StackStatus).toBe('ROLLBACK_COMPLETE')
  expect(await root.events('blind-create')).toContainEqual(expect.stringMatching(denied))
  await expect(look('second')).rejects.toMatchObject({ name: 'ParameterNotFound' })

  await root.create('blind-replace', parameter('first'), { RoleARN })
  const changed = await root.update('blind-replace', parameter('second'), { RoleARN })
  expect(changed.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE')
  expect(await root.events('blind-replace')).toContainEqual(expect.stringMatching(denied))
  await expect(look('second')).rejects.toMatchObject({ name: 'ParameterNotFound' })
  expect((await look('first')).Parameter?.Value).toBe('x')
})
