import { describe, expect, test } from 'vitest'
import { denialsIn, isSamePrincipal } from './denial-sentence.ts'

describe('a sentence of denial', () => {
  test('tells the role of a session, the action and the resource', () => {
    const message =
      'User: arn:aws:sts::222222222222:assumed-role/deploy/1700000000000 is not authorized to perform: s3:GetObject on resource: "arn:aws:s3:::artifacts/web/Build/Qx7Zk2M" because no identity-based policy allows the s3:GetObject action (Service: S3, Status Code: 403)'
    expect(denialsIn(message)).toEqual([
      {
        principal: 'arn:aws:iam::222222222222:role/deploy',
        action: 's3:GetObject',
        resource: 'arn:aws:s3:::artifacts/web/Build/Qx7Zk2M',
        message: expect.stringContaining('is not authorized to perform'),
      },
    ])
  })

  test('may leave the resource open, as KMS does', () => {
    const message =
      'User: arn:aws:sts::222222222222:assumed-role/deploy/s is not authorized to perform: kms:Decrypt on the resource associated with this ciphertext because the resource does not exist in this Region'
    expect(denialsIn(message)).toMatchObject([
      { principal: 'arn:aws:iam::222222222222:role/deploy', action: 'kms:Decrypt' },
    ])
    expect(denialsIn(message)[0]).not.toHaveProperty('resource')
  })

  test.each([
    [
      'CodePipeline is not authorized to perform AssumeRole on role arn:aws:iam::111111111111:role/pipeline',
      'codepipeline.amazonaws.com',
      'arn:aws:iam::111111111111:role/pipeline',
    ],
    [
      'arn:aws:iam::111111111111:role/x/pipeline is not authorized to perform AssumeRole on role arn:aws:iam::222222222222:role/deploy (Service: AWSCodePipeline)',
      'arn:aws:iam::111111111111:role/x/pipeline',
      'arn:aws:iam::222222222222:role/deploy',
    ],
    [
      'CodeBuild is not authorized to perform: sts:AssumeRole on service role arn:aws:iam::111111111111:role/build. Please verify that',
      'codebuild.amazonaws.com',
      'arn:aws:iam::111111111111:role/build',
    ],
    [
      'Role arn:aws:iam::222222222222:role/x/stack is invalid or cannot be assumed',
      undefined,
      'arn:aws:iam::222222222222:role/x/stack',
    ],
  ])('of a role that cannot be assumed: %s', (message, principal, resource) => {
    expect(denialsIn(message)).toMatchObject([
      { ...(principal && { principal }), action: 'sts:AssumeRole', resource },
    ])
  })

  test('may name only the object or the bucket', () => {
    const build =
      'AccessDenied: Access Denied status code: 403, request id: 1, host id: 2 for primary source and source version arn:aws:s3:::artifacts/web/Source/abc'
    const source =
      "The service role or action role doesn't have the permissions required to access the Amazon S3 bucket named artifacts. Update the IAM role permissions, and then try again."
    expect(denialsIn(build)).toMatchObject([
      { action: 's3:GetObject', resource: 'arn:aws:s3:::artifacts/web/Source/abc' },
    ])
    expect(denialsIn(source)).toMatchObject([{ resource: 'arn:aws:s3:::artifacts' }])
  })

  test('comes once, however often it is said', () => {
    const one =
      'User: arn:aws:sts::222222222222:assumed-role/stack/a is not authorized to perform: lambda:CreateFunction on resource: arn:aws:lambda:us-east-1:222222222222:function:hello because no identity-based policy allows it.'
    expect(denialsIn(`Hello: ${one}\nHello2: ${one.replace('/a ', '/b ')}`)).toHaveLength(1)
  })

  test('is not seen where there is none', () => {
    expect(denialsIn('COMMAND_EXECUTION_ERROR: exit status 1')).toEqual([])
  })
})

test('a session of a role with a path is that role', () => {
  const withPath = 'arn:aws:iam::222222222222:role/crossdock/deploy'
  expect(isSamePrincipal('arn:aws:iam::222222222222:role/deploy', withPath)).toBe(true)
  expect(isSamePrincipal('arn:aws:iam::333333333333:role/deploy', withPath)).toBe(false)
  expect(isSamePrincipal('codebuild.amazonaws.com', withPath)).toBe(false)
})
