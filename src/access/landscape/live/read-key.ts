/** Reads a KMS key: policy, aliases, grants, state. */
import type { KMSClient } from '@aws-sdk/client-kms'
import type { KeyGrant } from '../../../iam/index.ts'
import { type Arn, formatArn, parseArn, resourcePolicyOf, type Target } from '../../../model/index.ts'
import { originOf } from './origin-of.ts'
import type { Reading } from './reading.ts'

/** S3's own key: its policy is AWS's and cannot be changed. */
const OF_S3 = /^aws\/s3$|(^|:)alias\/aws\/s3$/

/**
 * Reads the key that a text means into the reading, once: an ARN, an alias or an id.
 * AWS: alias and id alone are looked up in the account and region of whoever uses them.
 */
export function readKey(reading: Reading, text: string, user: Target): Promise<void> {
  if (OF_S3.test(text)) return Promise.resolve()
  const named = parseArn(text)
  const target = { account: named?.account ?? user.account, region: named?.region ?? user.region }
  const resource = text.startsWith('alias/') ? text : `key/${text}`
  const asked = named ? text : formatArn('kms', target.region, target.account, resource)
  return reading.once(`key ${asked}`, async () => {
    const { KMSClient, DescribeKeyCommand } = await import('@aws-sdk/client-kms')
    const answer = await reading.ask({ what: `the key ${asked}`, arn: asked, target }, async () => {
      const client = await reading.client(KMSClient, target)
      const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: asked }))
      return { client, key: KeyMetadata! }
    })
    if ('absent' in answer) noSuchKey(reading, asked, target)
    if (!('found' in answer)) return
    const { client, key } = answer.found
    const arn = key.Arn ?? asked
    if (/:alias\//.test(asked)) reading.aliases.set(asked, arn)
    await readFoundKey(reading, client, { arn, id: key.KeyId!, state: key.KeyState ?? '', target })
  })
}

function noSuchKey(reading: Reading, asked: Arn, { account, region }: Target): void {
  reading.absent.add(asked)
  reading.findings.push({
    rule: 'key-does-not-exist',
    severity: 'error',
    message: `the key ${asked} does not exist`,
    fix: `name a key of account ${account} in ${region}`,
  })
}

interface FoundKey {
  readonly arn: Arn
  readonly id: string
  readonly state: string
  readonly target: Target
}

async function readFoundKey(
  reading: Reading,
  client: KMSClient,
  { arn, id, state, target }: FoundKey,
): Promise<void> {
  const { GetKeyPolicyCommand } = await import('@aws-sdk/client-kms')
  const origin = await originOf(reading, target, { physicalId: id, type: 'AWS::KMS::Key' })
  if (state !== 'Enabled')
    reading.findings.push({
      rule: 'key-not-usable',
      severity: 'error',
      message: `the key ${arn} is in state ${state}; nothing can be encrypted or decrypted with it`,
      fix: state === 'PendingDeletion' ? 'cancel its deletion and enable it' : 'enable it',
      origin,
    })
  const [policy, aliases, grants, tags] = await Promise.all([
    reading.ask({ what: `the key policy of ${arn}`, arn, target }, () =>
      client.send(new GetKeyPolicyCommand({ KeyId: arn, PolicyName: 'default' })),
    ),
    aliasesOf(reading, client, arn, target),
    grantsOf(reading, client, arn, target),
    tagsOf(reading, client, arn, target),
  ])
  for (const { AliasArn } of aliases) if (AliasArn) reading.aliases.set(AliasArn, arn)
  const document = 'found' in policy ? policy.found.Policy : undefined
  reading.keys.set(arn, {
    arn,
    ...target,
    origin,
    policy: reading.policy(document, resourcePolicyOf(arn), origin),
    aliases: aliases.flatMap(({ AliasName }) => AliasName ?? []),
    grants,
    tags,
  })
}

async function aliasesOf(reading: Reading, client: KMSClient, KeyId: Arn, target: Target) {
  const { paginateListAliases } = await import('@aws-sdk/client-kms')
  const answer = await reading.ask({ what: `the aliases of ${KeyId}`, target }, async () => {
    const pages = []
    for await (const { Aliases = [] } of paginateListAliases({ client }, { KeyId })) pages.push(...Aliases)
    return pages
  })
  return 'found' in answer ? answer.found : []
}

async function grantsOf(
  reading: Reading,
  client: KMSClient,
  KeyId: Arn,
  target: Target,
): Promise<KeyGrant[]> {
  const { paginateListGrants } = await import('@aws-sdk/client-kms')
  const answer = await reading.ask({ what: `the grants of ${KeyId}`, target }, async () => {
    const grants: KeyGrant[] = []
    for await (const { Grants = [] } of paginateListGrants({ client }, { KeyId }))
      for (const one of Grants)
        grants.push({
          id: one.GrantId ?? '',
          granteePrincipal: one.GranteePrincipal ?? '',
          ...(one.RetiringPrincipal && { retiringPrincipal: one.RetiringPrincipal }),
          operations: one.Operations ?? [],
          ...(one.Constraints?.EncryptionContextEquals && {
            encryptionContextEquals: one.Constraints.EncryptionContextEquals,
          }),
          ...(one.Constraints?.EncryptionContextSubset && {
            encryptionContextSubset: one.Constraints.EncryptionContextSubset,
          }),
        })
    return grants
  })
  return 'found' in answer ? answer.found : []
}

async function tagsOf(
  reading: Reading,
  client: KMSClient,
  KeyId: Arn,
  target: Target,
): Promise<Record<string, string>> {
  const { paginateListResourceTags } = await import('@aws-sdk/client-kms')
  const answer = await reading.ask({ what: `the tags of ${KeyId}`, target }, async () => {
    const tags: Record<string, string> = {}
    for await (const { Tags = [] } of paginateListResourceTags({ client }, { KeyId }))
      for (const { TagKey = '', TagValue = '' } of Tags) tags[TagKey] = TagValue
    return tags
  })
  return 'found' in answer ? answer.found : {}
}
