/** Users of an account with a policy of their own, for tests of who may do what. */
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  IAMClient,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam'
import type { Credentials, TestCloud } from '../cloud.ts'

export const document = (...Statement: object[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement })

export const allow = (Action: string | string[], Resource = '*') => ({ Effect: 'Allow', Action, Resource })

/** What pulling takes of a repository's policy, and of the caller's. */
export const PULL = ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer']

/** Makes a user who may do what the statements say; gives the user's keys. */
export async function userWith(
  test: TestCloud,
  account: string,
  UserName: string,
  ...statements: object[]
): Promise<Credentials> {
  const iam = test.client(IAMClient, { account })
  await iam.send(new CreateUserCommand({ UserName }))
  if (statements.length)
    await iam.send(
      new PutUserPolicyCommand({ UserName, PolicyName: 'own', PolicyDocument: document(...statements) }),
    )
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }))
  return { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! }
}
