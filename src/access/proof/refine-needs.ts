/** Makes the needs of one action exact with what the landscape knows: which key, which headers, which source. */

import { formatArn, type Need, parseArn } from '../../model/index.ts'
import { namedThings, storeIn, workerOf } from '../../pipeline/index.ts'
import { findKey } from '../landscape/find-key.ts'
import type { ActionInLandscape } from './action-in-landscape.ts'
import { type ArtifactKey, artifactPatterns } from './artifact-keys.ts'
import type { GatheredNeed } from './gathered-need.ts'
import type { Failure } from './proof.ts'
import { publishing } from './publish-needs.ts'

/** AWS: operations that take the stack's role, which policies find as cloudformation:RoleArn. */
const UNDER_ROLE: ReadonlySet<string> = new Set([
  'cloudformation:CreateStack',
  'cloudformation:UpdateStack',
  'cloudformation:DeleteStack',
  'cloudformation:CreateChangeSet',
])

const CONTEXT_KEY = 'kms:EncryptionContext:aws:s3:arn'

/** Gives the needs as the services really ask for them, and what no policy could ever allow. */
export function refineNeeds(needs: readonly Need[], around: ActionInLandscape): GatheredNeed[] {
  const encrypted = artifactPatterns(around)
  return needs.flatMap((need) => {
    if (need.action === 'kms:Decrypt') return decryption(need, encrypted)
    if (need.action === 's3:GetObject') return reading(ofCode(need, around), needs, encrypted, around)
    if (need.action === 's3:PutObject' || need.action === 's3:PutObjectAcl')
      return [{ need: writing(need, needs, around) }]
    if (need.action === 'sns:Publish') return publishing(need, around.landscape)
    if (need.action === 'kms:GenerateDataKey') return [encryption(need, around)]
    if (need.principal === 'cloudformation.amazonaws.com') return [{ need: fromStack(need, around) }]
    if (UNDER_ROLE.has(need.action)) return [{ need: underRole(need, around) }]
    return [{ need }]
  })
}

const accountOf = (principal: string): string => parseArn(principal)?.account ?? ''

/** AWS: an object is decrypted with the key it was encrypted with, whatever key the artifact store names. */
function decryption(need: Need, encrypted: ReadonlyMap<string, ArtifactKey>): GatheredNeed[] {
  const key = encrypted.get(String(need.context?.[CONTEXT_KEY]))
  if (!key) return [{ need, impossible: wrongRegion(need) }]
  if (key.arn === undefined) return []
  const corrected = key.arn === need.resource ? need : { ...need, resource: key.arn }
  return [{ need: corrected, impossible: wrongRegion(corrected) }]
}

function reading(
  need: Need,
  all: readonly Need[],
  encrypted: ReadonlyMap<string, ArtifactKey>,
  { pipeline }: ActionInLandscape,
): GatheredNeed[] {
  const key = encrypted.get(need.resource)
  if (!key) return [{ need }]
  if (key.arn === undefined) return [{ need }, ...unreadable(need, key)]
  const asked = all.some(
    (one) =>
      one.action === 'kms:Decrypt' &&
      one.principal === need.principal &&
      [need.resource, bucketOf(need.resource)].includes(String(one.context?.[CONTEXT_KEY])),
  )
  if (asked) return [{ need }]
  const context = {
    'kms:ViaService': `s3.${parseArn(key.arn)?.region ?? pipeline.region}.amazonaws.com`,
    [CONTEXT_KEY]: need.resource,
  }
  const decrypt = { ...need, action: 'kms:Decrypt', resource: key.arn, context }
  return [{ need }, { need: decrypt }]
}

const bucketOf = (object: string): string => object.split('/')[0]!

/** AWS: Lambda reads the code of a function with the session of whoever makes it, the stack's role (forward access sessions). */
function ofCode(need: Need, { pipeline, action }: ActionInLandscape): Need {
  const actionRole = action.roleArn ?? pipeline.declaration.roleArn
  if (workerOf(action.actionTypeId) !== 'stack' || need.principal === actionRole) return need
  return { ...need, context: { ...need.context, 'aws:ViaAWSService': 'true' } }
}

/** AWS: the key policy of aws/s3 cannot be changed and lets in the owning account only. */
function unreadable(need: Need, key: ArtifactKey): GatheredNeed[] {
  const reader = accountOf(need.principal)
  if (!reader || reader === key.account) return []
  const resource = formatArn('kms', key.region, key.account, 'alias/aws/s3')
  const impossible: Failure = {
    by: { limit: 'aws managed key' },
    saidNo: `the key aws/s3 of account ${key.account}`,
    message: `User: ${need.principal} is not authorized to perform: kms:Decrypt on the resource associated with this ciphertext because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access`,
    close: [
      `${key.writtenBy} encrypts with aws/s3, which only account ${key.account} can use; its policy cannot be changed`,
    ],
    remedies: [key.remedy],
  }
  return [{ need: { ...need, action: 'kms:Decrypt', resource }, impossible }]
}

/** AWS: S3 uses a key of the bucket's own region only. */
function wrongRegion(need: Need): Failure | undefined {
  const via = /^s3\.([a-z0-9-]+)\.amazonaws\.com$/.exec(String(need.context?.['kms:ViaService'] ?? ''))?.[1]
  const region = parseArn(need.resource)?.region
  if (!via || !region || via === region) return undefined
  return {
    by: { limit: 'key in region' },
    saidNo: 'S3',
    message: `KMS.NotFoundException: Invalid arn ${region}`,
    close: [
      `the bucket is in ${via}, its key ${need.resource} in ${region}; S3 takes keys of the bucket's region only`,
    ],
    remedies: [
      {
        belongsIn: `artifact store of ${via}`,
        advice: `Name a key of ${via} as encryption key of the artifact store in ${via}.`,
      },
    ],
  }
}

/** Adds the headers that the writer sends, since bucket policies test them. AWS: PutObject with an ACL is s3:PutObjectAcl too. */
function writing(need: Need, all: readonly Need[], around: ActionInLandscape): Need {
  const { pipeline, action, landscape } = around
  const key = all.find(
    (one) =>
      one.action === 'kms:GenerateDataKey' &&
      one.principal === need.principal &&
      [need.resource, bucketOf(need.resource), undefined].includes(
        one.context?.[CONTEXT_KEY] as string | undefined,
      ),
  )
  const bucket = bucketOf(need.resource).replace(/^arn:[\w-]+:s3:::/, '')
  const region = landscape.buckets.get(bucket)?.region ?? action.region ?? pipeline.region
  const isStore = storeIn(pipeline.declaration, region, pipeline.region)?.location === bucket
  const configured = namedThings(action.actionTypeId, action.configuration)
  const named = isStore || configured.key
  const isOpened = all.some((one) => one.action === 's3:PutObjectAcl' && one.resource === need.resource)
  const acl = isStore ? 'bucket-owner-full-control' : configured.acl
  const headers = {
    ...(named && { 's3:x-amz-server-side-encryption': 'aws:kms' }),
    ...(named && key && { 's3:x-amz-server-side-encryption-aws-kms-key-id': key.resource }),
    ...(isOpened && acl && { 's3:x-amz-acl': acl }),
  }
  return Object.keys(headers).length ? { ...need, context: { ...need.context, ...headers } } : need
}

/** AWS: an alias or a bare key id is looked up in the account of the role in effect. */
function encryption(need: Need, { pipeline, landscape }: ActionInLandscape): GatheredNeed {
  const elsewhere = wrongRegion(need)
  if (elsewhere) return { need, impossible: elsewhere }
  const writer = accountOf(need.principal)
  const { declaration, account } = pipeline
  if (writer === account) return { need }
  const region = parseArn(need.resource)?.region ?? pipeline.region
  const id = storeIn(declaration, region, pipeline.region)?.encryptionKey?.id
  const found = findKey(id, { account, region }, landscape)
  if (found?.arn !== need.resource || (found.named !== 'alias' && found.named !== 'id')) return { need }
  return { need, impossible: lookedUpElsewhere(need, id!, writer, account) }
}

const lookedUpElsewhere = (need: Need, id: string, writer: string, owner: string): Failure => ({
  by: { limit: 'key by name' },
  saidNo: `KMS in account ${writer}`,
  message: `KMS.NotFoundException: ${id} is not found in account ${writer}`,
  close: [
    `the artifact store names its key "${id}" without an account, so ${need.principal} looks it up in ${writer}; the key is in ${owner}`,
  ],
  remedies: [
    {
      belongsIn: 'artifact store of the pipeline',
      advice: `Name the key by its whole ARN, ${need.resource}.`,
    },
  ],
})

/** AWS: CloudFormation says for which stack it assumes a role. */
function fromStack(need: Need, { pipeline, action }: ActionInLandscape): Need {
  const account = accountOf(need.resource)
  const { stack = '*' } = namedThings(action.actionTypeId, action.configuration)
  const arn = formatArn('cloudformation', action.region ?? pipeline.region, account, `stack/${stack}/*`)
  return { ...need, context: { 'aws:SourceArn': arn, 'aws:SourceAccount': account, ...need.context } }
}

function underRole(need: Need, { action }: ActionInLandscape): Need {
  const { stackRole: role } = namedThings(action.actionTypeId, action.configuration)
  if (!role) return need
  return { ...need, context: { ...need.context, 'cloudformation:RoleArn': role } }
}
