/** What telling of a pipeline through a topic takes: the topic's policy, and the policy of its key. */
import type { Need } from '../../model/index.ts'
import type { KnownNotice, Landscape } from '../landscape/landscape.ts'
import type { GatheredNeed } from './gathered-need.ts'
import { publishing } from './publish-needs.ts'

/**
 * AWS: a service publishes as its own principal, so that the topic's policy must let it in, and the policy of the key
 * where the topic is encrypted; aws/sns lets in no service ("Enable compatibility between event sources from AWS services
 * and encrypted topics"). For EventBridge the key's policy is not told the rule (the same page).
 */
export function noticeNeeds(
  { topic, service, rule, account }: KnownNotice,
  landscape: Landscape,
): GatheredNeed[] {
  const need: Need = {
    principal: service,
    action: 'sns:Publish',
    resource: topic,
    context: { 'aws:SourceArn': rule, 'aws:SourceAccount': account },
    because: 'to tell of the pipeline through the topic',
  }
  const what = `the topic ${topic} is in no template: its key and its policy are not known`
  if (landscape.topics && !landscape.topics.has(topic)) return [{ need, assumption: { what, guessed: true } }]
  return publishing(need, landscape)
}
