import { describe, expect, test } from 'vitest'
import { services } from '../../../scripts/model-choices.js'
import type { AwsError } from '../../model/index.ts'
import { wire as s3 } from '../services/s3/wire.ts'
import { type Fields, loadModel, validate } from './index.ts'

function problem(service: string, operation: string, input: Fields, code?: string): AwsError | undefined {
  const model = loadModel(service, service === 's3' ? s3 : undefined)
  try {
    validate(model, model.operations.get(operation)!, input, code)
    return undefined
  } catch (error) {
    return error as AwsError
  }
}

const stage = (name: string, actions: unknown[] = []): Fields => ({ name, actions })
const pipeline = (change: Fields): Fields => ({
  pipeline: {
    name: 'orders',
    roleArn: 'arn:aws:iam::111111111111:role/crossdock/orders',
    stages: [stage('Source'), stage('Build')],
    ...change,
  },
})

describe('AWS words a violated constraint', () => {
  test.each<[string, string, string, Fields, string, string]>([
    [
      'of a missing member',
      'codepipeline',
      'GetPipeline',
      {},
      'ValidationException',
      "1 validation error detected: Value null at 'name' failed to satisfy constraint: Member must not be null",
    ],
    [
      'of a query service',
      'iam',
      'CreateRole',
      { RoleName: 'a b', AssumeRolePolicyDocument: '{}' },
      'ValidationError',
      "1 validation error detected: Value 'a b' at 'roleName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]+",
    ],
    [
      'of a range',
      'sts',
      'AssumeRole',
      { RoleArn: 'arn:aws:iam::111111111111:role/r', RoleSessionName: 'session', DurationSeconds: 60 },
      'ValidationError',
      "1 validation error detected: Value '60' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900",
    ],
    [
      'of an enumeration',
      'kms',
      'CreateKey',
      { KeyUsage: 'LUNCH' },
      'ValidationException',
      "1 validation error detected: Value 'LUNCH' at 'keyUsage' failed to satisfy constraint: Member must satisfy enum value set: [SIGN_VERIFY, ENCRYPT_DECRYPT, GENERATE_VERIFY_MAC, KEY_AGREEMENT]",
    ],
    [
      'deep inside',
      'codepipeline',
      'CreatePipeline',
      pipeline({ stages: [stage('Source'), stage('no spaces')] }),
      'ValidationException',
      "1 validation error detected: Value 'no spaces' at 'pipeline.stages.2.member.name' failed to satisfy constraint: Member must satisfy regular expression pattern: [A-Za-z0-9.@\\-_]+",
    ],
    [
      'of a list that holds null',
      'events',
      'PutEvents',
      { Entries: [{ Source: 'a' }, null] },
      'ValidationException',
      "1 validation error detected: Value null at 'entries.2.member' failed to satisfy constraint: Member must not be null",
    ],
    [
      'of a list of scalars that holds null',
      'lambda',
      'CreateFunction',
      { FunctionName: 'f', Role: 'arn:aws:iam::111111111111:role/r', Code: {}, Architectures: [null] },
      'ValidationException',
      "1 validation error detected: Value '[null]' at 'architectures' failed to satisfy constraint: Member must satisfy constraint: [Member must satisfy enum value set: [x86_64, arm64], Member must not be null]",
    ],
  ])('%s', (_, service, operation, input, code, message) => {
    expect(problem(service, operation, input)).toMatchObject({ code, message, status: 400 })
  })

  test('of a service with its own code', () => {
    const code = 'InvalidParameterException'
    expect(problem('logs', 'CreateLogGroup', { logGroupName: 'a b' }, code)).toMatchObject({
      code,
      message:
        "1 validation error detected: Value 'a b' at 'logGroupName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+",
      status: 400,
    })
  })

  test('of several members together', () => {
    const found = problem('sts', 'AssumeRole', { RoleArn: 'short', RoleSessionName: '!' })
    expect(found?.message).toMatch(
      /^3 validation errors detected: Value 'short' at 'roleArn'.*; Value '!' at/,
    )
  })

  test('without repeating a secret', () => {
    const found = problem('secretsmanager', 'CreateSecret', { Name: 'n', SecretString: '' })
    expect(found?.message).toBe(
      "1 validation error detected: Value at 'secretString' failed to satisfy constraint: Member must have length greater than or equal to 1",
    )
  })

  test('of an element on the whole list', () => {
    const found = problem('kms', 'CreateGrant', {
      KeyId: 'k',
      GranteePrincipal: 'arn:aws:iam::111111111111:root',
      Operations: ['Fly'],
    })
    expect(found?.message).toMatch(
      /^1 validation error detected: Value '\[Fly\]' at 'operations' failed to satisfy constraint: Member must satisfy constraint: \[Member must satisfy enum value set: \[Decrypt, /,
    )
  })

  test('of the keys of a map', () => {
    const found = problem('lambda', 'CreateFunction', {
      FunctionName: 'f',
      Role: 'arn:aws:iam::111111111111:role/r',
      Code: {},
      Environment: { Variables: { '1bad': 'x' } },
    })
    expect(found?.message).toContain(
      "at 'environment.variables' failed to satisfy constraint: Map keys must satisfy",
    )
  })
})

test('a pattern must match the whole value', () => {
  expect(problem('iam', 'GetRole', { RoleName: 'good\nbad' })?.code).toBe('ValidationError')
  expect(problem('iam', 'GetRole', { RoleName: 'good' })).toBeUndefined()
})

test('S3 wants only what is required', () => {
  expect(problem('s3', 'DeleteObjects', { Bucket: 'b', Delete: {} })?.code).toBe('MalformedXML')
  expect(problem('s3', 'DeleteObjects', { Bucket: 'b', Delete: { Objects: [{}] } })?.code).toBe(
    'MalformedXML',
  )
  expect(problem('s3', 'CreateBucket', { Bucket: 'Not A Valid Name' })).toBeUndefined()
})

test('every constraint of every model compiles', () => {
  for (const service of services) {
    const model = loadModel(service)
    for (const operation of model.operations.values()) problem(service, operation.name, {})
  }
})
