/** What SNS keeps: topics and their subscriptions. */
import type { BoundPolicy } from '../../kernel/bound-policy.ts'
import { collection } from '../../kernel/store.ts'
import type { Tags } from '../../kernel/tags.ts'

export interface Topic {
  readonly name: string
  readonly arn: string
  readonly policy: BoundPolicy
  readonly displayName: string
  /** Key id, ARN or alias; messages are encrypted with it, so publishers need rights on it. */
  readonly kmsMasterKeyId?: string
  /** The attributes of `engine/topic-settings.ts` that are set. */
  readonly settings?: Readonly<Record<string, string>>
  readonly tags: Tags
}

export type Protocol = 'lambda' | 'sqs' | 'email' | 'email-json' | 'http' | 'https'

export interface Subscription {
  readonly arn: string
  readonly topicArn: string
  readonly owner: string
  readonly protocol: Protocol
  readonly endpoint: string
  /** Absent once the subscription is confirmed. */
  readonly token?: string
  readonly rawMessageDelivery: boolean
  /** JSON text. */
  readonly filterPolicy?: string
  readonly filterPolicyScope: 'MessageAttributes' | 'MessageBody'
}

export const topics = collection<Topic>('sns.topics')
/** In the topic's account and region, by subscription ARN. */
export const subscriptions = collection<Subscription>('sns.subscriptions')
