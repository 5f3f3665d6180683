/** What publishing to a topic needs beside the topic's own permission: the key that it is encrypted with. */
import { type Need, type NeedOrigin, originOfNeed, parseArn } from '../../model/index.ts'
import { becauseOf, reason } from '../../pipeline/index.ts'
import { findKey } from '../landscape/find-key.ts'
import type { Landscape } from '../landscape/landscape.ts'
import type { GatheredNeed } from './gathered-need.ts'
import type { Failure } from './proof.ts'

const OF_SNS = /(^|:)alias\/aws\/sns$/

/** AWS: SNS asks KMS for a data key as the publisher, and decrypts as the publisher too. */
export function publishing(need: Need, landscape: Landscape): GatheredNeed[] {
  const { principal, resource } = need
  const topic = parseArn(resource)
  const text = landscape.topicKeys.get(resource)
  if (!topic || text === undefined) return [{ need }]
  if (OF_SNS.test(text)) {
    const publisher = parseArn(principal)?.account
    return publisher === topic.account ? [{ need }] : [{ need, impossible: keyOfSns(need, topic.account) }]
  }
  const key = findKey(text, topic, landscape)!
  const context = {
    'kms:ViaService': `sns.${topic.region}.amazonaws.com`,
    'kms:EncryptionContext:aws:sns:topicArn': resource,
  }
  const why = reason(encrypted(originOfNeed(need)))
  return [
    { need },
    { need: { principal, action: 'kms:GenerateDataKey', resource: key.arn, context, ...why } },
    { need: { principal, action: 'kms:Decrypt', resource: key.arn, context, ...why } },
  ]
}

/** The same origin, for what encryption takes besides. */
function encrypted(origin: NeedOrigin): NeedOrigin {
  const purpose = `${becauseOf(origin)}, encrypted with the topic’s key`
  return 'purpose' in origin ? { ...origin, purpose } : { kind: 'purpose', purpose }
}

/** AWS: the key policy of aws/sns cannot be changed and lets in the topic's account only. */
const keyOfSns = ({ principal, resource }: Need, owner: string): Failure => ({
  by: { limit: 'aws managed key' },
  saidNo: `the key aws/sns of account ${owner}`,
  message: `User: ${principal} is not authorized to perform: kms:GenerateDataKey on the key aws/sns`,
  close: [`the topic ${resource} is encrypted with aws/sns, which only account ${owner} can use`],
  remedies: [
    {
      belongsIn: `topic ${resource}`,
      advice: `Encrypt the topic with a customer key whose policy lets ${principal} in, or with none.`,
    },
  ],
})
