/** Control policies for a test: made, attached, and taken away again. */
import {
  AttachPolicyCommand,
  CreatePolicyCommand,
  OrganizationsClient,
  type PolicyType,
} from '@aws-sdk/client-organizations'
import type { TestCloud } from '../cloud.ts'

export const ROOT = 'r-dock'
export const ORGANIZATION = 'o-crossdock00'

export const document = (...Statement: object[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement })

/** Gives the root user's client of an account for Organizations. */
export const organizations = (test: TestCloud, account?: string): OrganizationsClient =>
  test.client(OrganizationsClient, { account })

let count = 0

/** Creates a policy with these statements and attaches it; gives its id. */
export async function guard(
  client: OrganizationsClient,
  TargetId: string | undefined,
  Type: PolicyType,
  ...statements: object[]
): Promise<string> {
  count += 1
  const { Policy } = await client.send(
    new CreatePolicyCommand({
      Name: `guard-${count}`,
      Description: '',
      Type,
      Content: document(...statements),
    }),
  )
  const PolicyId = Policy!.PolicySummary!.Id!
  if (TargetId !== undefined) await client.send(new AttachPolicyCommand({ PolicyId, TargetId }))
  return PolicyId
}
