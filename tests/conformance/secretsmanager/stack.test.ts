/** The CloudFormation types of Secrets Manager and Parameter Store. */
import {
  DescribeSecretCommand,
  GetResourcePolicyCommand,
  GetSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager'
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { expect, it } from 'vitest'
import { HUB, startTestCloud } from '../cloud.ts'
import { driveStacks } from '../cloudformation/stack-driver.ts'

const test = await startTestCloud()
const secrets = test.client(SecretsManagerClient)
const ssm = test.client(SSMClient)
const stacks = driveStacks(test)

const template = (value: string, description: string) => ({
  Resources: {
    Secret: {
      Type: 'AWS::SecretsManager::Secret',
      Properties: {
        Name: 'stacked',
        Description: description,
        GenerateSecretString: {
          SecretStringTemplate: '{"user":"app"}',
          GenerateStringKey: 'password',
          PasswordLength: 20,
          ExcludePunctuation: true,
        },
        Tags: [{ Key: 'team', Value: 'orders' }],
      },
    },
    Policy: {
      Type: 'AWS::SecretsManager::ResourcePolicy',
      Properties: {
        SecretId: { Ref: 'Secret' },
        ResourcePolicy: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Deny',
              Principal: '*',
              Action: 'secretsmanager:DeleteSecret',
              Resource: '*',
              Condition: { StringNotEquals: { 'aws:PrincipalAccount': HUB } },
            },
          ],
        },
      },
    },
    Parameter: {
      Type: 'AWS::SSM::Parameter',
      Properties: { Name: '/stacked', Type: 'String', Value: value, Tags: { team: 'orders' } },
    },
    Reader: {
      Type: 'AWS::SSM::Parameter',
      Properties: { Type: 'String', Value: '{{resolve:secretsmanager:stacked:SecretString:user}}' },
      DependsOn: 'Secret',
    },
  },
  Outputs: {
    Secret: { Value: { Ref: 'Secret' } },
    Value: { Value: { 'Fn::GetAtt': ['Parameter', 'Value'] } },
    Reader: { Value: { Ref: 'Reader' } },
  },
})

it('creates, changes and deletes secrets and parameters', async () => {
  const made = await stacks.create('values', template('one', 'first'))
  expect(made.StackStatus, (await stacks.events('values')).join('\n')).toBe('CREATE_COMPLETE')
  const outputs = await stacks.outputs('values')
  expect(outputs.Secret).toMatch(/:secret:stacked-[A-Za-z0-9]{6}$/)
  expect(outputs.Value).toBe('one')
  const read = async () =>
    JSON.parse((await secrets.send(new GetSecretValueCommand({ SecretId: 'stacked' }))).SecretString!)
  const before = await read()
  expect(before).toEqual({ user: 'app', password: expect.stringMatching(/^[A-Za-z0-9]{20}$/) })
  const { ResourcePolicy } = await secrets.send(new GetResourcePolicyCommand({ SecretId: 'stacked' }))
  expect(JSON.parse(ResourcePolicy!).Statement[0].Effect).toBe('Deny')
  const parameter = async (Name: string) =>
    (await ssm.send(new GetParameterCommand({ Name }))).Parameter?.Value
  expect(await parameter(outputs.Reader!)).toBe('app')

  await stacks.update('values', template('two', 'second'))
  expect(await parameter('/stacked')).toBe('two')
  expect(await read()).toEqual(before)
  const { Description } = await secrets.send(new DescribeSecretCommand({ SecretId: 'stacked' }))
  expect(Description).toBe('second')

  const gone = await stacks.remove('values')
  expect(gone.StackStatus, (await stacks.events(gone.StackId!)).join('\n')).toBe('DELETE_COMPLETE')
  await expect(parameter('/stacked')).rejects.toMatchObject({ name: 'ParameterNotFound' })
  await expect(read()).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
})

it('fails the stack for what it does not do, by name', async () => {
  await stacks.create('replicas', {
    Resources: {
      S: { Type: 'AWS::SecretsManager::Secret', Properties: { ReplicaRegions: [{ Region: 'eu-west-1' }] } },
    },
  })
  expect(await stacks.events('replicas')).toContainEqual(
    expect.stringContaining('does not support the property "ReplicaRegions" of AWS::SecretsManager::Secret'),
  )
})
