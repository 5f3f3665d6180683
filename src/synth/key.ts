/** The fleet's key of one region: the key, its policy, its alias. */
import type { Fleet } from '../fleet/index.ts'
import {
  formatArn,
  type Need,
  type PolicyStatement,
  parseArn,
  rootArn,
  type TemplateResource,
} from '../model/index.ts'
import type { Names } from './names.ts'
import { policy } from './policy-parts.ts'
import { compact, resource } from './resource.ts'
import { one } from './statements.ts'

/**
 * What deploying, changing and deleting the key takes, taking its deletion back, and looking at its grants; using the key for data is allowed by
 * statements of its own. Whoever may PutKeyPolicy can add what else is wanted. See docs/decisions/0006-key-administration.md.
 */
const ADMINISTRATION = [
  'kms:CancelKeyDeletion',
  'kms:CreateAlias',
  'kms:DeleteAlias',
  'kms:DescribeKey',
  'kms:EnableKey',
  'kms:EnableKeyRotation',
  'kms:GetKeyPolicy',
  'kms:GetKeyRotationStatus',
  'kms:ListGrants',
  'kms:ListResourceTags',
  'kms:PutKeyPolicy',
  'kms:ScheduleKeyDeletion',
  'kms:TagResource',
  'kms:UntagResource',
  'kms:UpdateAlias',
  'kms:UpdateKeyDescription',
]

/** Gives the resources of the key in a region. `needs` are those of every pipeline of the fleet to use keys. */
export function keyResources(
  fleet: Fleet,
  names: Names,
  region: string,
  needs: readonly Need[],
): Record<string, TemplateResource> {
  const { account } = fleet.hub
  const statements: PolicyStatement[] = [
    {
      Sid: 'AdministerFromTheHub',
      Effect: 'Allow',
      Principal: { AWS: rootArn(account) },
      Action: ADMINISTRATION,
      Resource: '*',
    },
    ...useStatements(fleet, names, region, needs),
  ]
  return {
    Key: resource('AWS::KMS::Key', {
      Description: `Artifacts of the fleet ${fleet.name}`,
      EnableKeyRotation: true,
      KeyPolicy: policy(statements),
    }),
    KeyAlias: resource('AWS::KMS::Alias', { AliasName: names.keyAlias, TargetKeyId: { Ref: 'Key' } }),
  }
}

/** The objects in the fleet's artifact buckets of a region, and the buckets themselves where one stands already. */
function bucketsIn(names: Names, region: string): string[] {
  const existing = names.existingBucket(region)
  const arn = (bucket: string) => formatArn('s3', '', '', bucket)
  return existing === undefined
    ? [arn(`${names.bucketPrefix(region)}*`)]
    : [arn(existing), arn(`${existing}/*`)]
}

/**
 * Lets the fleet's roles use the key of a region through S3 for the fleet's artifact buckets. Which role reaches which bucket is
 * told by the role's own policy and by the bucket's, so this stays the same however many pipelines share the key.
 * AWS: the account roots exist before the roles do, and aws:PrincipalArn is compared as text.
 */
export function useStatements(
  fleet: Fleet,
  names: Names,
  region: string,
  needs: readonly Need[],
): PolicyStatement[] {
  const key = names.key(region)
  const actionsOf = new Map<string, Set<string>>()
  const others = new Map<string, Set<string>>()
  for (const { principal, action, resource: used, context } of needs) {
    if (used !== key) continue
    const account = parseArn(principal)!.account
    const way = context?.['kms:ViaService'] ? 'S3' : 'itself'
    const user = `${account === fleet.hub.account ? 'Hub' : 'Targets'} ${account} ${way}`
    const isOwn = principal.startsWith(names.rolePattern(account).slice(0, -1))
    if (!isOwn) others.set(account, (others.get(account) ?? new Set()).add(principal))
    actionsOf.set(user, (actionsOf.get(user) ?? new Set()).add(action))
  }
  const accountsOf = new Map<string, { accounts: string[]; actions: string[]; side: string; way: string }>()
  for (const [user, set] of [...actionsOf].sort()) {
    const [side = '', account = '', way = ''] = user.split(' ')
    const actions = [...set].sort()
    const group = [side, way, ...actions].join(' ')
    const found = accountsOf.get(group) ?? { accounts: [], actions, side, way }
    found.accounts.push(account)
    accountsOf.set(group, found)
  }
  const counts = new Map<string, number>()
  return [...accountsOf.values()].map(({ accounts, actions, side, way }) => {
    const base = `${side}UseTheKey${way === 'S3' ? 'ThroughS3' : 'Itself'}`
    const count = (counts.get(base) ?? 0) + 1
    counts.set(base, count)
    return {
      Sid: count > 1 ? `${base}${count}` : base,
      Effect: 'Allow',
      Principal: { AWS: one(accounts.map(rootArn)) },
      Action: one(actions),
      Resource: '*',
      Condition: compact({
        ArnLike: {
          'aws:PrincipalArn': one(
            accounts.flatMap((account) => [names.rolePattern(account), ...(others.get(account) ?? [])]),
          ),
        },
        StringEquals: way === 'S3' ? { 'kms:ViaService': `s3.${region}.amazonaws.com` } : undefined,
        StringLike:
          way === 'S3'
            ? {
                'kms:EncryptionContext:aws:s3:arn': one(bucketsIn(names, region)),
              }
            : undefined,
      }) as PolicyStatement['Condition'],
    }
  })
}
