/** Reads a role with every policy that limits or grants: trust, inline, managed, boundary. */
import type { IAMClient } from '@aws-sdk/client-iam'
import { awsManagedPolicy, policyName } from '../../../iam/index.ts'
import {
  type Arn,
  inlinePolicy,
  managedPolicyRef,
  parseArn,
  principalName,
  type Target,
  trustPolicyOf,
} from '../../../model/index.ts'
import type { IdentityPolicy, KnownRole } from '../landscape.ts'
import type { Origin } from '../placed-template.ts'
import { originOf } from './origin-of.ts'
import type { Reading } from './reading.ts'

/** Where policies of one role go while they are read. */
interface RoleReading {
  readonly reading: Reading
  readonly iam: IAMClient
  readonly arn: Arn
  readonly name: string
  readonly target: Target
  readonly origin: Origin
  readonly unreadable: string[]
}

/** AWS: IAM gives policy documents percent-encoded. */
const decoded = (document: string | undefined): string | undefined => document && decodeURIComponent(document)

/** Reads a role into the reading, once. AWS: a role is found by its name; the path in an ARN may be wrong. */
export function readRole(reading: Reading, arn: Arn): Promise<void> {
  return reading.once(`role ${arn}`, async () => {
    const { account = '' } = parseArn(arn) ?? {}
    const target = { account, region: reading.home.region }
    const name = principalName(arn)
    const question = { what: `the role ${arn}`, arn, target }
    const { IAMClient, GetRoleCommand } = await import('@aws-sdk/client-iam')
    const answer = await reading.ask(question, async () => {
      const iam = await reading.client(IAMClient, target)
      const { Role } = await iam.send(new GetRoleCommand({ RoleName: name }))
      return { iam, role: Role! }
    })
    if ('absent' in answer) reading.absent.add(arn)
    if (!('found' in answer)) return
    const { iam, role } = answer.found
    const real = role.Arn ?? arn
    const origin = await originOf(reading, target, { physicalId: name, type: 'AWS::IAM::Role' })
    const around: RoleReading = { reading, iam, arn: real, name, target, origin, unreadable: [] }
    const boundaryArn = role.PermissionsBoundary?.PermissionsBoundaryArn
    const [inline, managed, boundary] = await Promise.all([
      inlinePolicies(around),
      attachedPolicies(around),
      boundaryArn ? managedPolicy(around, boundaryArn) : undefined,
    ])
    const known: KnownRole = {
      arn: real,
      name,
      account,
      origin,
      trust: reading.policy(decoded(role.AssumeRolePolicyDocument), trustPolicyOf(real), origin),
      policies: [...inline, ...managed],
      ...(boundary && { boundary }),
      unreadable: around.unreadable,
      tags: Object.fromEntries((role.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value])),
    }
    reading.roles.set(real, known)
  })
}

async function inlinePolicies(around: RoleReading): Promise<IdentityPolicy[]> {
  const { reading, iam, arn, name, target, origin, unreadable } = around
  const { GetRolePolicyCommand, paginateListRolePolicies } = await import('@aws-sdk/client-iam')
  const what = `the names of the inline policies of ${arn}`
  const answer = await reading.ask({ what, target }, async () => {
    const names: string[] = []
    for await (const page of paginateListRolePolicies({ client: iam }, { RoleName: name }))
      names.push(...(page.PolicyNames ?? []))
    return names
  })
  if ('why' in answer) unreadable.push('its inline policies')
  const policies = ('found' in answer ? answer.found : []).map(async (PolicyName) => {
    const ref = inlinePolicy(arn, PolicyName)
    const found = await reading.ask({ what: `the ${policyName(ref)}`, target }, () =>
      iam.send(new GetRolePolicyCommand({ RoleName: name, PolicyName })),
    )
    if ('why' in found) unreadable.push(`the inline policy ${PolicyName}`)
    if (!('found' in found)) return []
    const policy = reading.policy(decoded(found.found.PolicyDocument), ref, origin)
    return policy ? [{ ...policy, kind: 'inline' as const, name: PolicyName }] : []
  })
  return (await Promise.all(policies)).flat()
}

async function attachedPolicies(around: RoleReading): Promise<IdentityPolicy[]> {
  const { reading, iam, arn, name, target, unreadable } = around
  const { paginateListAttachedRolePolicies } = await import('@aws-sdk/client-iam')
  const what = `the list of managed policies of ${arn}`
  const answer = await reading.ask({ what, target }, async () => {
    const arns: string[] = []
    for await (const page of paginateListAttachedRolePolicies({ client: iam }, { RoleName: name }))
      arns.push(...(page.AttachedPolicies ?? []).flatMap(({ PolicyArn }) => PolicyArn ?? []))
    return arns
  })
  if ('why' in answer) unreadable.push('its managed policies')
  const arns = 'found' in answer ? answer.found : []
  const policies = await Promise.all(arns.map((one) => managedPolicy(around, one)))
  return policies.flatMap((policy) => policy ?? [])
}

/** Gives a managed policy in its default version. */
async function managedPolicy(around: RoleReading, arn: Arn): Promise<IdentityPolicy | undefined> {
  const { reading, iam, target, origin, unreadable } = around
  const { GetPolicyCommand, GetPolicyVersionCommand } = await import('@aws-sdk/client-iam')
  const found = await reading.once(`managed policy ${target.account} ${arn}`, () =>
    reading.ask({ what: `the managed policy ${arn}`, arn, target }, async () => {
      const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn: arn }))
      const VersionId = Policy!.DefaultVersionId!
      const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand({ PolicyArn: arn, VersionId }))
      return decoded(PolicyVersion!.Document)
    }),
  )
  const document = 'found' in found ? found.found : awsManagedPolicy(arn)?.document
  const policy = reading.policy(document, managedPolicyRef(arn), origin)
  if (!policy) unreadable.push(arn)
  const kind = arn.startsWith('arn:aws:iam::aws:') ? 'aws' : 'managed'
  return policy && { ...policy, kind, name: arn }
}
